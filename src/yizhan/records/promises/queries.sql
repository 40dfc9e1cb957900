-- name: add(id, ticket_id, conversation_id, message_id, contact_id, brand_id, team_id, made_by, made_at, text, kind, due, counts_from)
-- A promise as it was given.
INSERT INTO promise (id, ticket_id, conversation_id, message_id, contact_id, brand_id, team_id, made_by, made_at, text, kind, due, counts_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: lock(id)
-- A promise, locked.
SELECT id, ticket_id, conversation_id, message_id, contact_id, brand_id, team_id, made_by, made_at, text, kind, due, state,
       settled_at, settled_by, version
FROM promise WHERE id = $1 FOR UPDATE;

-- name: by_id(ids)
-- Promises as they are.
SELECT id, ticket_id, conversation_id, message_id, contact_id, brand_id, team_id, made_by, made_at, text, kind, due, state,
       settled_at, settled_by, version
FROM promise WHERE id = ANY ($1) ORDER BY due, id;

-- name: settle(id, state, at, by, reason)
-- It is no longer owed.
UPDATE promise SET state = $2, settled_at = $3, settled_by = $4, reason = $5, version = version + 1
WHERE id = $1 RETURNING version;

-- name: late(id)
-- Its time has passed.
UPDATE promise SET state = 'late', version = version + 1 WHERE id = $1 RETURNING version;

-- name: keep_by_replies(tickets, messages, ats, actors)
-- What these replies keep: promises of an answer that were given before, not those that the replies give themselves.
UPDATE promise p SET state = CASE WHEN r.at <= p.due THEN 'kept' ELSE 'late' END, settled_at = r.at, settled_by = r.actor,
       version = p.version + 1
FROM (SELECT DISTINCT ON (o.id) o.id, u.at, u.actor
      FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) u(ticket_id, message_id, at, actor)
      CROSS JOIN LATERAL (SELECT u.ticket_id AS id UNION ALL SELECT id FROM ticket WHERE merged_into = u.ticket_id) t
      JOIN promise o ON o.ticket_id = t.id AND o.settled_at IS NULL AND o.kind = 'reply' AND o.counts_from <= u.at
      WHERE NOT EXISTS (SELECT FROM promise n WHERE n.ticket_id = u.ticket_id AND n.message_id = u.message_id)
      ORDER BY o.id, u.at) r
WHERE p.id = r.id AND p.settled_at IS NULL
RETURNING p.id, p.ticket_id, p.conversation_id, p.message_id, p.contact_id, p.brand_id, p.team_id, p.made_by, p.made_at,
          p.text, p.kind, p.due, p.state, p.settled_at, p.settled_by, p.version;

-- name: settle_with_tickets(tickets, states, ats, actors)
-- A ticket that is over owes nothing: 已完成 by consent keeps what was promised, 已取消 withdraws it.
UPDATE promise p SET state = CASE WHEN r.state = 'cancelled' THEN 'withdrawn' WHEN r.at <= p.due THEN 'kept' ELSE 'late' END,
       settled_at = r.at, settled_by = r.actor, version = p.version + 1
FROM (SELECT o.id, u.state, u.at, u.actor
      FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) u(ticket_id, state, at, actor)
      CROSS JOIN LATERAL (SELECT u.ticket_id AS id UNION ALL SELECT id FROM ticket WHERE merged_into = u.ticket_id) t
      JOIN promise o ON o.ticket_id = t.id AND o.settled_at IS NULL ORDER BY o.id) r
WHERE p.id = r.id AND p.settled_at IS NULL
RETURNING p.id, p.ticket_id, p.conversation_id, p.message_id, p.contact_id, p.brand_id, p.team_id, p.made_by, p.made_at,
          p.text, p.kind, p.due, p.state, p.settled_at, p.settled_by, p.version;

-- name: held_until(conversation_id, ticket_id)
-- When the last promise is due that is owed to a conversation's customer in this matter.
SELECT max(p.due) FROM promise p
WHERE p.settled_at IS NULL
  AND (p.ticket_id = $2 OR p.ticket_id IN (SELECT id FROM ticket WHERE merged_into = $2) OR p.conversation_id = $1);
