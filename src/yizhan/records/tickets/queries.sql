-- name: lock(id)
-- One ticket, its row locked for a verb.
SELECT id, number, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id, team_id, order_no,
       tags, last_message_at, waiting_since, merged_into, linked_to, created_at, version
FROM ticket WHERE id = $1 FOR NO KEY UPDATE;

-- name: lock_two(a, b)
-- Two tickets locked in id order.
SELECT id, number, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id, team_id, order_no,
       tags, last_message_at, waiting_since, merged_into, linked_to, created_at, version
FROM ticket WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE;

-- name: set_status(id, status, closed_at, pending_since)
-- Moves a ticket; a closed or pending ticket waits for nobody here.
UPDATE ticket SET status = $2, closed_at = $3, pending_since = $4, version = version + 1,
       waiting_since = CASE WHEN $2 IN ('pending', 'done', 'cancelled') THEN NULL ELSE waiting_since END,
       agent_id = CASE WHEN $2 = 'new' THEN NULL ELSE agent_id END,
       ready = CASE WHEN $2 = 'new' THEN true ELSE ready END
WHERE id = $1 RETURNING version;

-- name: set_handler(id, agent_id, team_id)
-- The handler changes; the first human who serves a ticket stays responsible for it (首问负责).
UPDATE ticket SET agent_id = $2, owner_id = coalesce(owner_id, $2), team_id = coalesce($3, team_id),
       status = CASE WHEN status = 'new' AND $2 IS NOT NULL THEN 'open' ELSE status END, version = version + 1
WHERE id = $1 RETURNING version;

-- name: change(id, type, priority, subject, tags, order_no)
-- What a hand changes.
UPDATE ticket SET type = $2, type_sure = true, priority = $3, subject = $4, tags = $5, order_no = $6, version = version + 1
WHERE id = $1 RETURNING version;

-- name: create(id, brand_id, contact_id, subject, type, priority, channel, agent_id, team_id, linked_to, at)
-- A ticket made by hand or split out of another.
INSERT INTO ticket (id, brand_id, contact_id, subject, type, type_sure, status, priority, channel, owner_id, agent_id,
                    team_id, ready, linked_to, last_message_at, created_at)
VALUES ($1, $2, $3, $4, $5, true, CASE WHEN $8::uuid IS NULL THEN 'new' ELSE 'open' END, $6, $7, $8, $8, $9, true, $10, $11, $11)
RETURNING number, version;

-- name: merge(id, into)
-- Merging moves nothing: the ticket points to where it went.
UPDATE ticket SET merged_into = $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: add_note(id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at)
-- 处理记录.
INSERT INTO note (id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: typed_notes(conversation_id)
-- How often a person typed a note for one conversation: at most once is asked.
SELECT count(*) FROM note WHERE conversation_id = $1 AND typed;

-- name: default_brand()
-- The first business line, for tickets made without a conversation.
SELECT id FROM brand ORDER BY id LIMIT 1;

-- name: replied(id, at, preview, human)
-- We spoke last in it: nobody waits.
UPDATE ticket SET last_message_at = $2, preview = $3, version = version + 1,
       waiting_since = CASE WHEN $4 THEN NULL ELSE waiting_since END, unread = CASE WHEN $4 THEN 0 ELSE unread END
WHERE id = $1 RETURNING version;

-- name: clear_unread(id)
-- The handler has seen everything.
UPDATE ticket SET unread = 0, version = version + 1 WHERE id = $1 AND unread > 0 RETURNING version;
