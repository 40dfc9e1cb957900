-- name: newest_conversation(identities, inbox_id)
-- A visitor's running conversation, or the last one that ended.
SELECT id FROM conversation WHERE identity_id = ANY ($1) AND inbox_id = $2 ORDER BY phase = 'ended', id DESC LIMIT 1;

-- name: unread(conversation_id)
-- Answers the visitor has not looked at.
SELECT count(*)::int FROM message m
WHERE m.conversation_id = $1 AND m.direction = 'out'
  AND m.id > coalesce((SELECT r.message_id FROM read_mark r WHERE r.conversation_id = $1 AND r.reader = 'customer'),
                      '00000000-0000-0000-0000-000000000000'::uuid);

-- name: queue_places(ids)
-- Who waits before them: by seniority, in the same team's queue.
SELECT q.id, q.position FROM (
  SELECT id, row_number() OVER (PARTITION BY team_id ORDER BY seniority, id)::int AS position
  FROM conversation WHERE phase = 'queued' AND live) q
WHERE q.id = ANY ($1);

-- name: blinds(identities)
-- Whose identities these are, as visitors are known before they first write.
SELECT id, blind FROM identity WHERE id = ANY ($1);
