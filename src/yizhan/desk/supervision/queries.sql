-- name: add(id, kind, team_id, agent_id, text, cap_before, cap_after, by_agent, began_at, until_at)
-- Begins now.
INSERT INTO measure (id, kind, team_id, agent_id, text, cap_before, cap_after, by_agent, began_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: lock(id)
-- One measure, held until the transaction ends.
SELECT id, kind, team_id, agent_id, text, cap_before, cap_after, by_agent, began_at, until_at, ended_at, ended_why
FROM measure WHERE id = $1 FOR UPDATE;

-- name: running()
-- Everything in force, in the order it began.
SELECT id, kind, team_id, agent_id, text, cap_before, cap_after, by_agent, began_at, until_at, ended_at, ended_why
FROM measure WHERE ended_at IS NULL ORDER BY began_at, id;

-- name: finish(id, at, why)
-- It is over.
UPDATE measure SET ended_at = $2, ended_why = $3 WHERE id = $1;

-- name: inboxes_of(team_id)
-- The live inboxes a team answers.
SELECT id FROM inbox WHERE team_id = $1 AND channel = 'webchat' ORDER BY id;

-- name: unnoticed(team_id, client_id, count)
-- Who queues for a team in a window of ours and has not been told yet.
SELECT v.id FROM conversation v
WHERE v.phase = 'queued' AND v.live AND v.team_id = $1 AND v.channel = 'webchat'
  AND NOT EXISTS (SELECT FROM message m WHERE m.conversation_id = v.id AND m.client_id = $2)
ORDER BY v.seniority, v.id LIMIT $3;

-- name: held_by(agent_id, waiting)
-- The live conversations somebody serves; with `waiting` those whose customer waits for a word.
SELECT id FROM conversation
WHERE agent_id = $1 AND phase = 'served' AND live AND (NOT $2 OR waiting_since IS NOT NULL) ORDER BY id;
