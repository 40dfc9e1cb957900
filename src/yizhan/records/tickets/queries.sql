-- name: lock(id)
-- One ticket, its row locked for a verb.
SELECT id, number, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id, team_id, order_no,
       tags, last_message_at, waiting_since, merged_into, linked_to, created_at, version, waiting_reason, next_follow_up,
       chases, chased_at, parent_id, fields
FROM ticket WHERE id = $1 FOR NO KEY UPDATE;

-- name: lock_two(a, b)
-- Two tickets locked in id order.
SELECT id, number, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id, team_id, order_no,
       tags, last_message_at, waiting_since, merged_into, linked_to, created_at, version, waiting_reason, next_follow_up,
       chases, chased_at, parent_id, fields
FROM ticket WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE;

-- name: set_status(id, status, closed_at, pending_since)
-- Moves a ticket; a closed or pending ticket waits for nobody here, and for nothing else.
UPDATE ticket SET status = $2, closed_at = $3, pending_since = $4, version = version + 1,
       waiting_since = CASE WHEN $2 IN ('pending', 'done', 'cancelled') THEN NULL ELSE waiting_since END,
       waiting_reason = CASE WHEN $2 IN ('pending', 'done', 'cancelled') THEN NULL ELSE waiting_reason END,
       next_follow_up = CASE WHEN $2 IN ('pending', 'done', 'cancelled') THEN NULL ELSE next_follow_up END,
       agent_id = CASE WHEN $2 = 'new' THEN NULL ELSE agent_id END,
       ready = CASE WHEN $2 = 'new' THEN true ELSE ready END
WHERE id = $1 RETURNING version;

-- name: set_handler(id, agent_id, team_id)
-- The handler changes; the first human who serves a ticket stays responsible for it (首问负责).
UPDATE ticket SET agent_id = $2, owner_id = coalesce(owner_id, $2), team_id = coalesce($3, team_id),
       status = CASE WHEN status = 'new' AND $2 IS NOT NULL THEN 'open' ELSE status END, version = version + 1
WHERE id = $1 RETURNING version;

-- name: change(id, type, priority, subject, tags, order_no, sure, fields)
-- What a hand changes.
UPDATE ticket SET type = $2, type_sure = type_sure OR $7, priority = $3, subject = $4, tags = $5, order_no = $6, fields = $8,
       version = version + 1
WHERE id = $1 RETURNING version;

-- name: tags_given(tags, at)
-- What tickets are tagged with, remembered for pickers.
INSERT INTO ticket_tag (tag, given, last_at) SELECT t, 1, $2 FROM unnest($1::text[]) t ORDER BY t
ON CONFLICT (tag) DO UPDATE SET given = ticket_tag.given + 1, last_at = greatest(ticket_tag.last_at, excluded.last_at);

-- name: offered_tags(count)
-- Tags that a ticket may newly be given, lately used first.
SELECT tag, color, given, retired, merged_into FROM ticket_tag WHERE NOT retired AND merged_into IS NULL
ORDER BY last_at DESC, tag LIMIT $1;

-- name: all_tags(count)
-- Every tag there is, those that are offered first.
SELECT tag, color, given, retired, merged_into FROM ticket_tag WHERE merged_into IS NULL ORDER BY retired, given DESC, tag LIMIT $1;

-- name: tags_named(names)
-- By their names in small letters, to be changed or given now.
SELECT tag, color, given, retired, merged_into FROM ticket_tag WHERE lower(tag) = ANY ($1) ORDER BY tag FOR UPDATE;

-- name: put_tag(tag, color, at)
-- A tag made by hand, or another colour for one.
INSERT INTO ticket_tag (tag, given, last_at, color) VALUES ($1, 0, $3, $2) ON CONFLICT (tag) DO UPDATE SET color = excluded.color;

-- name: retire_tag(tag, retired)
-- Offered no more, or again.
UPDATE ticket_tag SET retired = $2 WHERE tag = $1;

-- name: merge_tag(tag, into, at)
-- The old name points to the new one, as do names that pointed to it.
WITH old AS (
  UPDATE ticket_tag SET merged_into = $2 WHERE (tag = $1 OR merged_into = $1) AND tag <> $2 RETURNING tag, given, color
)
INSERT INTO ticket_tag (tag, given, last_at, color) SELECT $2, given, $3, color FROM old WHERE tag = $1
ON CONFLICT (tag) DO UPDATE SET given = ticket_tag.given + excluded.given, merged_into = NULL, retired = false;

-- name: retag(tag, into, count)
-- Some tickets with the old tag, given the new one in its place.
UPDATE ticket t SET tags = CASE WHEN $2 = ANY (t.tags) THEN array_remove(t.tags, $1) ELSE array_replace(t.tags, $1, $2) END,
       version = version + 1
FROM (SELECT id FROM ticket WHERE tags <> '{}' AND tags @> ARRAY[$1::text] ORDER BY id LIMIT $3 FOR NO KEY UPDATE) held
WHERE t.id = held.id RETURNING t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id;

-- name: create(id, brand_id, contact_id, subject, type, priority, channel, agent_id, team_id, linked_to, at, parent_id)
-- A ticket made by hand or split out of another.
INSERT INTO ticket (id, brand_id, contact_id, subject, type, type_sure, status, priority, channel, owner_id, agent_id,
                    team_id, ready, linked_to, last_message_at, created_at, parent_id)
VALUES ($1, $2, $3, $4, $5, true, CASE WHEN $8::uuid IS NULL THEN 'new' ELSE 'open' END, $6, $7, $8, $8, $9, true, $10, $11, $11, $12)
RETURNING number, version;

-- name: merge(id, into)
-- Merging moves nothing: the ticket points to where it went.
UPDATE ticket SET merged_into = $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: add_note(id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at, code, parts)
-- 处理记录.
INSERT INTO note (id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at, code, parts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: typed_notes(conversation_id)
-- How often a person typed a note for one conversation: at most once is asked.
SELECT count(*) FROM note WHERE conversation_id = $1 AND typed;

-- name: brand_of(contact_id)
-- The business line of a contact's newest ticket, else the first, for tickets made without a conversation.
SELECT coalesce((SELECT brand_id FROM ticket WHERE contact_id = $1 ORDER BY id DESC LIMIT 1),
                (SELECT id FROM brand ORDER BY id LIMIT 1));

-- name: replied(id, at, preview, human)
-- We spoke last in it: nobody waits.
UPDATE ticket SET last_message_at = $2, preview = $3, version = version + 1,
       waiting_since = CASE WHEN $4 THEN NULL ELSE waiting_since END, unread = CASE WHEN $4 THEN 0 ELSE unread END
WHERE id = $1 RETURNING version;

-- name: hush(id, said_at, words, instead)
-- Words were taken back: lists no longer show them, nor does a subject that was made of them.
UPDATE ticket SET preview = CASE WHEN last_message_at <= $2 THEN '' ELSE preview END,
       subject = CASE WHEN $3 <> '' AND starts_with(btrim($3), rtrim(subject, '…')) THEN $4 ELSE subject END,
       version = version + 1
WHERE id = $1;

-- name: clear_unread(id)
-- The handler has seen everything.
UPDATE ticket SET unread = 0, version = version + 1 WHERE id = $1 AND unread > 0 RETURNING version;

-- name: lock_many(ids)
-- These tickets, locked in id order.
SELECT id, number, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id, team_id, order_no,
       tags, last_message_at, waiting_since, merged_into, linked_to, created_at, version, waiting_reason, next_follow_up,
       chases, chased_at, parent_id, fields
FROM ticket WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE;

-- name: hold_many(ids)
-- Locks these tickets in id order.
SELECT FROM ticket WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE;

-- name: triaged(ids, types, priorities, needs)
-- Classified and ready for routing, unless it is already; a type a person chose stays. Low is only what came in as
-- every ticket does: what somebody made or changed is never lowered.
WITH held AS MATERIALIZED (
  SELECT id FROM ticket WHERE id = ANY ($1::uuid[]) AND NOT ready AND status IN ('new', 'open') ORDER BY id
  FOR NO KEY UPDATE
)
UPDATE ticket t SET type = CASE WHEN t.type_sure THEN t.type ELSE x.type END,
       priority = CASE WHEN x.priority = 1 AND t.priority = 2 AND t.channel <> 'manual' THEN 1
                       ELSE greatest(t.priority, x.priority) END,
       needs = x.needs, ready = true, version = version + 1
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[]) x(id, type, priority, needs) JOIN held USING (id)
WHERE t.id = x.id
RETURNING t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id, t.type, t.priority;

-- name: reclassified(ids, types, priorities, needs)
-- Judged again after they were ready; a type a person chose stays, and what is the same changes nothing.
WITH held AS MATERIALIZED (
  SELECT id FROM ticket WHERE id = ANY ($1::uuid[]) AND ready AND status IN ('new', 'open', 'pending') ORDER BY id
  FOR NO KEY UPDATE
)
UPDATE ticket t SET type = CASE WHEN t.type_sure THEN t.type ELSE x.type END, priority = greatest(t.priority, x.priority),
       needs = x.needs, version = version + 1
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[]) x(id, type, priority, needs) JOIN held USING (id)
WHERE t.id = x.id AND (NOT t.type_sure AND t.type <> x.type OR t.priority < x.priority OR t.needs <> x.needs)
RETURNING t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id, t.type, t.priority;

-- name: reranked(ids, were, priorities)
-- Other rules make these more or less urgent; who was changed meanwhile stays as he is.
WITH held AS MATERIALIZED (
  SELECT id FROM ticket WHERE id = ANY ($1::uuid[]) AND status IN ('new', 'open') AND merged_into IS NULL ORDER BY id
  FOR NO KEY UPDATE
)
UPDATE ticket t SET priority = x.priority, version = version + 1
FROM unnest($1::uuid[], $2::smallint[], $3::smallint[]) x(id, was, priority) JOIN held USING (id)
WHERE t.id = x.id AND t.priority = x.was AND x.was <> x.priority
RETURNING t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id, t.status, t.priority;

-- name: set_handlers(ids, agents, teams)
-- New handlers for many; the first human who serves a ticket stays responsible for it (首问负责).
UPDATE ticket t SET agent_id = x.agent, owner_id = coalesce(t.owner_id, x.agent), team_id = coalesce(x.team, t.team_id),
       status = CASE WHEN t.status = 'new' AND x.agent IS NOT NULL THEN 'open' ELSE t.status END, version = version + 1
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) x(id, agent, team)
WHERE t.id = x.id
RETURNING t.id, t.version;

-- name: add_notes(ids, ticket_ids, conversation_ids, actions, from_statuses, to_statuses, texts, typed, actors, evidence, ats, codes, parts)
-- 处理记录, many at once.
INSERT INTO note (id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at, code, parts)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[],
                     $9::text[], $10::jsonb[], $11::timestamptz[], $12::text[], $13::jsonb[]);

-- name: set_wait(id, reason, next_follow_up)
-- What it waits for, and when somebody looks again; nulls: nothing.
UPDATE ticket SET waiting_reason = $2, next_follow_up = $3, version = version + 1 WHERE id = $1 RETURNING version;

-- name: bring_up(id, at)
-- Back to the top of every list, which are ordered by this.
UPDATE ticket SET last_message_at = greatest(last_message_at, $2), version = version + 1 WHERE id = $1 RETURNING version;

-- name: chase(id, at)
-- 催单, counted.
UPDATE ticket SET chases = chases + 1, chased_at = $2, last_message_at = greatest(last_message_at, $2), version = version + 1
WHERE id = $1 RETURNING version;

-- name: watch(ticket_ids, agent_ids, at)
-- 关注人, pair by pair; who watches already stays.
INSERT INTO ticket_watcher (ticket_id, agent_id, at)
SELECT t, a, $3 FROM unnest($1::uuid[], $2::uuid[]) x(t, a) ORDER BY t, a ON CONFLICT DO NOTHING;

-- name: unwatch(ticket_id, agent_id)
-- No longer told.
DELETE FROM ticket_watcher WHERE ticket_id = $1 AND agent_id = $2 RETURNING agent_id;

-- name: link(id, ticket_id, other_id, kind, actor, at)
-- What one ticket has to do with another.
INSERT INTO ticket_link (id, ticket_id, other_id, kind, actor, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: linked(ticket_id, other_id)
-- Whether these two are linked, either way round.
SELECT id FROM ticket_link WHERE (ticket_id, other_id) IN (($1, $2), ($2, $1));

-- name: unlink(id, ticket_id)
-- Takes a link back, from either of its ends.
DELETE FROM ticket_link WHERE id = $1 AND $2 IN (ticket_id, other_id) RETURNING ticket_id, other_id, kind;

-- name: touch(ids)
-- Something beside the row changed which shows on it.
UPDATE ticket SET version = version + 1 WHERE id = ANY ($1) RETURNING id, version;

-- name: open_children(parent_id)
-- Numbers of the sub-tasks that are not over.
SELECT number FROM ticket WHERE parent_id = $1 AND status NOT IN ('done', 'cancelled') AND merged_into IS NULL ORDER BY number;

-- name: wait_from(ids, at)
-- From now on the customers of these wait for a person.
UPDATE ticket SET waiting_since = $2, version = version + 1
WHERE id = ANY ($1::uuid[]) AND status IN ('new', 'open');

-- name: wait_no_more(ids)
-- Somebody else answers: nobody is waited for.
UPDATE ticket SET waiting_since = NULL, version = version + 1 WHERE id = ANY ($1::uuid[]) AND NOT ready;
