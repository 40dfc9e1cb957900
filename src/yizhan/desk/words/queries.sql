-- name: hold(id, conversation_id, ticket_id, contact_id, brand_id, team_id, author, agent_id, words, attachments, client_id, solves, found, rules, at, kind, payload)
-- A reply that waits; the same again is the one that is there.
INSERT INTO held_reply (id, conversation_id, ticket_id, contact_id, brand_id, team_id, author, agent_id, text,
    attachments, client_id, solves, found, rules, state, created_at, kind, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'waiting', $15, $16, $17)
ON CONFLICT (conversation_id, author, client_id) DO NOTHING;

-- name: held_of_client(conversation_id, author, client_id)
-- What became of a reply the client asked for before.
SELECT * FROM held_reply WHERE conversation_id = $1 AND author = $2 AND client_id = $3;

-- name: lock_held(id)
-- One held reply, for a decision.
SELECT * FROM held_reply WHERE id = $1 FOR NO KEY UPDATE;

-- name: held(id)
-- One held reply.
SELECT * FROM held_reply WHERE id = $1;

-- name: decide(id, state, reason, decided_by, at, message_id)
-- What became of it.
UPDATE held_reply SET state = $2, reason = $3, decided_by = $4, decided_at = $5, message_id = $6, version = version + 1
WHERE id = $1;

-- name: waiting(everything, brands, teams, count)
-- What waits for a yes, the longest first, within the scope of who looks.
SELECT h.*, a.name AS author_name, c.name AS contact_name, t.number AS ticket_number
FROM held_reply h JOIN contact c ON c.id = h.contact_id LEFT JOIN agent a ON a.id = h.agent_id
LEFT JOIN ticket t ON t.id = h.ticket_id
WHERE h.state = 'waiting' AND ($1 OR h.brand_id = ANY ($2::uuid[]) OR h.team_id = ANY ($3::uuid[]))
ORDER BY h.created_at, h.id LIMIT $4;

-- name: held_of_conversations(conversations, since)
-- What waits in these conversations, and what was lately decided there.
SELECT * FROM held_reply WHERE conversation_id = ANY ($1::uuid[]) AND (state = 'waiting' OR decided_at > $2)
ORDER BY created_at, id;

-- name: place(conversation_id)
-- By which dictionaries a conversation is judged.
SELECT inbox_id, team_id FROM conversation WHERE id = $1;
