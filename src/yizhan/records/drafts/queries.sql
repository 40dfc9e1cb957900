-- name: draft(agent_id, conversation_id)
-- What he wrote there and has not sent.
SELECT contact_id, note, sealed, version, device, at FROM reply_draft WHERE agent_id = $1 AND conversation_id = $2;

-- name: keep(agent_id, conversation_id, contact_id, note, sealed, version, device, at, base)
-- In place of the one his device had last seen; none where another lies there.
INSERT INTO reply_draft AS d (agent_id, conversation_id, contact_id, note, sealed, version, device, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET contact_id = excluded.contact_id, note = excluded.note,
  sealed = excluded.sealed, version = excluded.version, device = excluded.device, at = excluded.at
WHERE d.version = $9 RETURNING version;

-- name: drop(agent_id, conversation_id, base)
-- Sent or emptied, where it is the one his device had last seen.
DELETE FROM reply_draft WHERE agent_id = $1 AND conversation_id = $2 AND version = $3;

-- name: forget(before, count)
-- What nobody came back to.
DELETE FROM reply_draft WHERE (agent_id, conversation_id) IN (
  SELECT agent_id, conversation_id FROM reply_draft WHERE at < $1 ORDER BY at LIMIT $2
) RETURNING version;
