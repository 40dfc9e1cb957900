-- name: keep(rows)
-- Notices for people. One of the same topic that its reader has not read yet is counted instead, and newer again.
-- Of a kind he has muted it is there as read, and nobody is told; what is critical or a call is never muted.
WITH kept AS (
  INSERT INTO notice AS n (
    id, agent_id, topic, why, level, how, ticket_id, conversation_id, facts, times, raised_at, read_at, version)
  SELECT r.id, r.agent_id, r.topic, r.why, r.level, r.how, r.ticket_id, r.conversation_id, r.facts, r.times, r.raised_at,
         CASE WHEN m.why IS NOT NULL AND r.level <> 'critical' AND r.how <> 'call' THEN r.raised_at END, 1
  FROM jsonb_populate_recordset(NULL::notice, $1) r
  JOIN agent a ON a.id = r.agent_id AND a.active
  LEFT JOIN notice_mute m ON m.agent_id = r.agent_id AND m.why = r.why
  ORDER BY r.agent_id, r.topic
  ON CONFLICT (agent_id, topic) WHERE read_at IS NULL DO UPDATE SET
    times = n.times + excluded.times, facts = excluded.facts, raised_at = excluded.raised_at, how = excluded.how,
    level = excluded.level, acknowledged_at = NULL, acknowledged_by = NULL, version = n.version + 1
  RETURNING n.id, n.agent_id, n.version, n.read_at)
SELECT id, agent_id, version FROM kept WHERE read_at IS NULL;

-- name: mutes(agent_id)
-- Kinds somebody is not told of.
SELECT why FROM notice_mute WHERE agent_id = $1 ORDER BY why;

-- name: mute(agent_id, why, most)
-- One kind more, unless it is one too many.
INSERT INTO notice_mute (agent_id, why)
SELECT $1, $2 WHERE (SELECT count(*) FROM notice_mute WHERE agent_id = $1) < $3
ON CONFLICT DO NOTHING;

-- name: unmute(agent_id, why)
-- One kind is told of again.
DELETE FROM notice_mute WHERE agent_id = $1 AND why = $2;

-- name: quiet(agents)
-- Their quiet hours, of those who have some.
SELECT agent_id, start_at, end_at, tz FROM notice_quiet WHERE agent_id = ANY ($1);

-- name: set_quiet(agent_id, start, end, tz)
-- His quiet hours from here on.
INSERT INTO notice_quiet (agent_id, start_at, end_at, tz) VALUES ($1, $2, $3, $4)
ON CONFLICT (agent_id) DO UPDATE SET start_at = excluded.start_at, end_at = excluded.end_at, tz = excluded.tz;

-- name: end_quiet(agent_id)
-- No quiet hours any more.
DELETE FROM notice_quiet WHERE agent_id = $1;

-- name: kinds(agent_id)
-- How many notices one person has of each family.
SELECT split_part(why, '.', 1) AS kind, count(*)::int AS count, (count(*) FILTER (WHERE read_at IS NULL))::int AS unread
FROM notice WHERE agent_id = $1 GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: page(agent_id, unread, before_at, before, count, kind)
-- Notices of one person, newest first; of one family where one is named.
SELECT n.id, n.version, n.why, n.level, n.how, n.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject,
       n.conversation_id, n.facts, n.times, n.raised_at, n.read_at, n.acknowledged_at, g.name AS acknowledged_name
FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id LEFT JOIN agent g ON g.id = n.acknowledged_by
WHERE n.agent_id = $1 AND (NOT $2 OR n.read_at IS NULL)
  AND ($3::timestamptz IS NULL OR (n.raised_at, n.id) < ($3, $4)) AND ($6::text IS NULL OR split_part(n.why, '.', 1) = $6)
ORDER BY n.raised_at DESC, n.id DESC LIMIT $5;

-- name: rows(ids)
-- These notices, with whose they are.
SELECT n.agent_id, n.id, n.version, n.why, n.level, n.how, n.ticket_id, t.number AS ticket_number,
       t.subject AS ticket_subject, n.conversation_id, n.facts, n.times, n.raised_at, n.read_at, n.acknowledged_at, g.name AS acknowledged_name
FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id LEFT JOIN agent g ON g.id = n.acknowledged_by
WHERE n.id = ANY ($1);

-- name: unread_of(agents)
-- How many each of them has not read.
SELECT agent_id, count(*)::int AS unread FROM notice WHERE agent_id = ANY ($1) AND read_at IS NULL GROUP BY agent_id;

-- name: raised_at(id, agent_id)
-- Where a page goes on.
SELECT raised_at FROM notice WHERE id = $1 AND agent_id = $2;

-- name: read_some(agent_id, ids, now)
-- These were read; another's are left alone.
UPDATE notice SET read_at = $3, version = version + 1
WHERE agent_id = $1 AND id = ANY ($2) AND read_at IS NULL RETURNING id;

-- name: read_all(agent_id, now, kind)
-- Everything one person has not read yet was read; of one family where one is named.
UPDATE notice SET read_at = $2, version = version + 1
WHERE agent_id = $1 AND read_at IS NULL AND ($3::text IS NULL OR split_part(why, '.', 1) = $3) RETURNING id;

-- name: calls(agent_id, since)
-- Calls for one person that nobody has acknowledged, of each matter in hand one, newest first.
SELECT id FROM (
  SELECT DISTINCT ON (n.topic) n.id, n.raised_at FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id
  WHERE n.agent_id = $1 AND n.raised_at > $2 AND n.how = 'call' AND n.acknowledged_at IS NULL
    AND t.merged_into IS NULL AND coalesce(t.status, 'open') NOT IN ('done', 'cancelled')
  ORDER BY n.topic, n.raised_at DESC, n.id DESC) c
ORDER BY raised_at DESC, id DESC LIMIT 20;

-- name: rings(topic, since, ticket_id)
-- Whether a call still rings: nobody has it, it was not raised anew, and its ticket is in hand.
SELECT NOT EXISTS (SELECT FROM notice WHERE topic = $1 AND how = 'call' AND (acknowledged_at >= $2 OR raised_at > $2))
   AND NOT EXISTS (SELECT FROM ticket WHERE id = $3 AND (merged_into IS NOT NULL OR status IN ('done', 'cancelled')));

-- name: acknowledged_at(topic, since)
-- When somebody last said since then that he has a call.
SELECT max(acknowledged_at) FROM notice WHERE topic = $1 AND how = 'call' AND acknowledged_at >= $2;

-- name: call_of(id, agent_id)
-- A call for one person.
SELECT topic, why, ticket_id FROM notice WHERE id = $1 AND agent_id = $2 AND how = 'call';

-- name: acknowledge(topics, agent_id, now)
-- Somebody has it, or it was seen to: for everybody who was called about it.
UPDATE notice SET acknowledged_at = $3, acknowledged_by = $2, read_at = coalesce(read_at, $3), version = version + 1
WHERE id IN (SELECT id FROM notice WHERE topic = ANY ($1) AND how = 'call' AND acknowledged_at IS NULL
             ORDER BY agent_id, topic, id FOR UPDATE)
RETURNING agent_id;

-- name: forget_read(before, count)
-- What was read so long ago that nobody comes back to it.
DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE read_at < $1 ORDER BY read_at LIMIT $2) RETURNING id;

-- name: permitted(permission)
-- Everybody active whose role may do something.
SELECT a.id FROM agent a JOIN role r ON r.id = a.role_id WHERE a.active AND $1 = ANY (r.permissions) ORDER BY a.id;
