-- name: lock(id)
-- One conversation, its row locked for a verb.
SELECT id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase, agent_id, needs, seniority,
       waiting_since, first_response_at, last_message_at, last_inbound_at, last_outbound_at, inbound_count,
       outbound_count, asleep, joined_ticket_id, assigned_at, ended_at, version
FROM conversation WHERE id = $1 FOR NO KEY UPDATE;

-- name: lock_of_ticket(ticket_id)
-- The un-ended conversations of a ticket, locked in id order.
SELECT id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase, agent_id, needs, seniority,
       waiting_since, first_response_at, last_message_at, last_inbound_at, last_outbound_at, inbound_count,
       outbound_count, asleep, joined_ticket_id, assigned_at, ended_at, version
FROM conversation WHERE ticket_id = $1 AND phase <> 'ended' ORDER BY id FOR NO KEY UPDATE;

-- name: open_outward(id, inbox_id, identity_id, contact_id, ticket_id, agent_id, at)
-- We write first to an address; null where a spell of service with it is open.
INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase, ready,
    agent_id, seniority, assigned_at, last_message_at, origin, created_at)
SELECT $1, x.id, $3, $4, x.brand_id, coalesce(t.team_id, x.team_id), t.id, x.channel, false, 'served', true, $6, $7, $7, $7,
       '{"outward": true}', $7
FROM inbox x JOIN ticket t ON t.id = $5 WHERE x.id = $2
ON CONFLICT (identity_id, inbox_id) WHERE phase <> 'ended' DO NOTHING RETURNING id;

-- name: open_with(identity_id, inbox_id)
-- The spell of service that is open with an address.
SELECT id FROM conversation WHERE identity_id = $1 AND inbox_id = $2 AND phase <> 'ended';

-- name: message_of_client(conversation_id, author, client_id)
-- The message an earlier, identical request made.
SELECT id FROM message WHERE conversation_id = $1 AND author = $2 AND client_id = $3 LIMIT 1;

-- name: add_message(id, conversation_id, ticket_id, contact_id, identity_id, inbox_id, direction, author, kind, text, html, payload, attachments, client_id, at, delivery)
-- A message of ours: reply, internal note or system line.
INSERT INTO message (id, conversation_id, ticket_id, contact_id, identity_id, inbox_id, direction, author, kind, text, html,
                     payload, attachments, client_id, at, received_at, delivery)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16);

-- name: replied(id, at, preview, human)
-- We spoke last: nobody waits, and the first human answer stops its clock.
UPDATE conversation SET last_message_at = $2, last_outbound_at = $2, preview = $3, outbound_count = outbound_count + 1,
       waiting_since = CASE WHEN $4 THEN NULL ELSE waiting_since END, unread = CASE WHEN $4 THEN 0 ELSE unread END,
       first_response_at = CASE WHEN $4 THEN coalesce(first_response_at, $2) ELSE first_response_at END,
       version = version + 1
WHERE id = $1 RETURNING version;

-- name: touched(id)
-- Something about the conversation changed that its row does not show (an internal note).
UPDATE conversation SET version = version + 1 WHERE id = $1 RETURNING version;

-- name: end(id, at, reason, summary)
-- Ends the spell of service; the next message starts a new one.
UPDATE conversation SET phase = 'ended', ended_at = $2, end_reason = $3, summary = $4, waiting_since = NULL, unread = 0,
       version = version + 1
WHERE id = $1 RETURNING version;

-- name: leave(id, at)
-- 留言: the spell is over and no longer live, so that its answer can still be written into it.
UPDATE conversation SET live = false, phase = 'ended', ended_at = $2, end_reason = 'message', waiting_since = NULL,
       version = version + 1
WHERE id = $1 RETURNING version;

-- name: rate(id, rating)
-- The customer's judgement of this spell of service.
UPDATE conversation SET rating = $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: set_ticket(id, ticket_id, suggested)
-- The conversation's current ticket.
UPDATE conversation SET ticket_id = $2, joined_ticket_id = $3, version = version + 1 WHERE id = $1 RETURNING version;

-- name: separate(id)
-- 分开: the agent has decided that it is another matter.
UPDATE conversation SET joined_ticket_id = NULL, version = version + 1 WHERE id = $1 RETURNING version;

-- name: mark_read(conversation_id, reader, message_id, at)
-- How far somebody has read.
INSERT INTO read_mark (conversation_id, reader, message_id, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (conversation_id, reader) DO UPDATE SET message_id = $3, at = $4 WHERE read_mark.message_id < $3;

-- name: clear_unread(id)
-- The serving agent has seen everything.
UPDATE conversation SET unread = 0, version = version + 1 WHERE id = $1 AND unread > 0 RETURNING version;

-- name: move_messages(ids, from_conversations_of, to_ticket, actor, at)
-- Splits messages out into another ticket; the row of the move keeps it reversible.
WITH moved AS (
  UPDATE message m SET ticket_id = $3 FROM (SELECT id, ticket_id FROM message WHERE id = ANY ($1) AND ticket_id = $2) o
  WHERE m.id = o.id RETURNING m.id, o.ticket_id
)
INSERT INTO message_move (id, message_id, from_ticket, to_ticket, actor, at)
SELECT gen_random_uuid(), id, ticket_id, $3, $4, $5 FROM moved;

-- name: recall(id, at)
-- 撤回: the body stays for quality and audit, screens no longer show it.
UPDATE message SET recalled_at = $2 WHERE id = $1 AND recalled_at IS NULL RETURNING conversation_id;

-- name: hide_preview(id, at)
-- A recalled last message no longer shows in lists.
UPDATE conversation SET preview = CASE WHEN last_message_at <= $2 THEN '' ELSE preview END, version = version + 1
WHERE id = $1 RETURNING version;

-- name: message(id)
-- Whose message this is and what became of it.
SELECT id, conversation_id, ticket_id, contact_id, inbox_id, direction, author, at, delivery, recalled_at
FROM message WHERE id = $1;

-- name: recalled_words(id)
-- What the customer took back.
SELECT id, conversation_id, ticket_id, contact_id, kind, text, html, payload, attachments FROM message
WHERE id = $1 AND direction = 'in' AND recalled_at IS NOT NULL;

-- name: set_delivery(id, delivery, error, external_id)
-- What the channel reports of a message of ours; what came later in life is not undone by a late word of less.
UPDATE message SET delivery = $2, delivery_error = $3, external_id = coalesce($4, external_id)
WHERE id = $1 AND (delivery IS NULL OR NOT (delivery IN ('delivered', 'read') AND $2 IN ('queued', 'sending', 'sent'))
                   AND NOT (delivery = 'read' AND $2 = 'delivered'))
RETURNING conversation_id, ticket_id, contact_id, inbox_id;

-- name: attach(id, place, state, files)
-- What became of a file that lay at its vendor: kept, gone or refused; null when the message has no such file.
UPDATE message SET payload = jsonb_set(payload, ARRAY['media', ($2::int)::text, 'state'], to_jsonb($3::text)),
                   attachments = CASE WHEN $4::jsonb IS NULL THEN attachments ELSE coalesce(attachments, '[]') || $4 END
WHERE id = $1 AND payload->'media'->($2::int) IS NOT NULL
RETURNING conversation_id, ticket_id, contact_id, inbox_id;

-- name: file_of(id, hash)
-- A file of the message, unless the message is gone.
SELECT a FROM message m, jsonb_array_elements(m.attachments) a WHERE m.id = $1 AND a->>'hash' = $2 LIMIT 1;

-- name: mark_file(id, hash, state)
-- Whether a file of the message can be listened to here: waiting or no; null where it is settled or no such file.
UPDATE message m SET attachments = (
  SELECT jsonb_agg(CASE WHEN a->>'hash' = $2 THEN a || jsonb_build_object('playable', $3::text) ELSE a END ORDER BY n)
  FROM jsonb_array_elements(m.attachments) WITH ORDINALITY x(a, n))
WHERE id = $1 AND attachments @> jsonb_build_array(jsonb_build_object('hash', $2::text))
  AND NOT attachments @> jsonb_build_array(jsonb_build_object('of', $2::text))
RETURNING conversation_id, ticket_id, contact_id, inbox_id;

-- name: add_rendered(id, hash, file)
-- A file that can be played, beside the one it was made of; null where it is there already, or the other is not.
UPDATE message m SET attachments = (
  SELECT jsonb_agg(CASE WHEN a->>'hash' = $2 THEN a - 'playable' ELSE a END ORDER BY n)
  FROM jsonb_array_elements(m.attachments) WITH ORDINALITY x(a, n)) || jsonb_build_array($3::jsonb)
WHERE id = $1 AND attachments @> jsonb_build_array(jsonb_build_object('hash', $2::text))
  AND NOT attachments @> jsonb_build_array(jsonb_build_object('of', $2::text))
RETURNING conversation_id, ticket_id, contact_id, inbox_id;

-- name: take_back(id, at)
-- The customer recalled his own message: its body is hidden, and kept.
UPDATE message SET recalled_at = $2 WHERE id = $1 AND direction = 'in' AND recalled_at IS NULL
RETURNING conversation_id, ticket_id, contact_id, at, text;

-- name: lock_many(ids, ticket_ids)
-- These conversations and the un-ended ones of these tickets, locked in id order.
SELECT id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase, agent_id, needs, seniority,
       waiting_since, first_response_at, last_message_at, last_inbound_at, last_outbound_at, inbound_count,
       outbound_count, asleep, joined_ticket_id, assigned_at, ended_at, version
FROM conversation
WHERE id IN (SELECT unnest($1::uuid[])
             UNION SELECT v.id FROM conversation v WHERE v.ticket_id = ANY ($2::uuid[]) AND v.phase <> 'ended')
ORDER BY id FOR NO KEY UPDATE;

-- name: triaged(ids, needs)
-- Classified and ready for routing; one that is ready already stays as it is.
WITH held AS MATERIALIZED (
  SELECT id FROM conversation WHERE id = ANY ($1::uuid[]) AND NOT ready AND phase <> 'ended' ORDER BY id FOR NO KEY UPDATE
)
UPDATE conversation v SET needs = x.needs, ready = true, version = version + 1
FROM unnest($1::uuid[], $2::jsonb[]) x(id, needs) JOIN held USING (id)
WHERE v.id = x.id
RETURNING v.id, v.version, v.brand_id, v.team_id, v.contact_id, v.ticket_id;

-- name: hand_to(ids, agents, at)
-- Somebody serves them from now on, awake; a place in the queue is over.
UPDATE conversation v SET phase = 'served', agent_id = x.agent, assigned_at = $3, asleep = false, queue_position = NULL,
       ready = true, needs = v.needs - 'front', version = version + 1
FROM unnest($1::uuid[], $2::uuid[]) x(id, agent)
WHERE v.id = x.id AND v.phase <> 'ended'
RETURNING v.id, v.version;

-- name: requeue(ids, teams, front, at)
-- Back to the queue with their seniority; `front` before all others of their priority.
UPDATE conversation v SET phase = 'queued', agent_id = NULL, assigned_at = NULL, asleep = false, ready = true,
       queued_at = $4, team_id = coalesce(x.team, v.team_id), queue_position = NULL,
       needs = CASE WHEN $3 THEN v.needs || '{"front": true}' ELSE v.needs - 'front' END, version = version + 1
FROM unnest($1::uuid[], $2::uuid[]) x(id, team)
WHERE v.id = x.id AND v.phase <> 'ended'
RETURNING v.id, v.version;

-- name: receive(ids)
-- 机器人接待: the assistant has them, nobody waits. Only what nobody was asked to take yet.
WITH held AS MATERIALIZED (
  SELECT id FROM conversation WHERE id = ANY ($1::uuid[]) AND live AND phase = 'queued' AND NOT ready
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE conversation v SET phase = 'bot', waiting_since = NULL, first_wait_at = NULL, queued_at = NULL,
       version = version + 1
FROM held WHERE v.id = held.id
RETURNING v.id, v.version, v.brand_id, v.team_id, v.contact_id, v.ticket_id, v.inbox_id;

-- name: to_assistant(id)
-- Who queues asks the assistant meanwhile: out of the queue, seniority kept.
UPDATE conversation SET phase = 'bot', ready = false, waiting_since = NULL, first_wait_at = NULL, queued_at = NULL,
       version = version + 1
WHERE id = $1 AND live AND phase = 'queued' RETURNING version;

-- name: hand_on(ids, at)
-- 转人工: from the assistant into the queue, with the seniority of the first word; triage has them next.
UPDATE conversation SET phase = 'queued', ready = false, queued_at = $2, waiting_since = $2, first_wait_at = $2,
       queue_position = NULL, version = version + 1
WHERE id = ANY ($1::uuid[]) AND phase = 'bot'
RETURNING id, version;

-- name: set_asleep(id, asleep)
-- Whether it costs its agent attention just now.
UPDATE conversation SET asleep = $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: tell_positions(ids, positions)
-- The places to tell: never higher than what was told before. A row that is busy keeps its place for the next time.
WITH now_at AS (
  SELECT * FROM unnest($1::uuid[], $2::int[]) x(id, place)
), held AS MATERIALIZED (
  SELECT v.id FROM conversation v JOIN now_at n USING (id)
  WHERE v.phase = 'queued' AND (v.queue_position IS NULL OR v.queue_position > n.place)
  ORDER BY v.id FOR NO KEY UPDATE OF v SKIP LOCKED
), told AS (
  UPDATE conversation v SET queue_position = n.place FROM now_at n JOIN held USING (id) WHERE v.id = n.id
)
SELECT v.id, least(coalesce(v.queue_position, n.place), n.place) AS place
FROM now_at n JOIN conversation v USING (id) WHERE v.phase = 'queued';
