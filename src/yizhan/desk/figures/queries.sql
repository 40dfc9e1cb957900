-- name: given(conversations, agents, days, ats)
-- Conversations that came to these agents; who gets one back has it still from when he first had it.
INSERT INTO agent_spell (conversation_id, agent_id, day, given_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::timestamptz[])
ON CONFLICT (conversation_id, agent_id) DO UPDATE SET left_at = NULL
RETURNING agent_id, day;

-- name: away(agents, starts, ends)
-- How much of these waits the agents were on a break or 离线, as far as is known.
SELECT w.at::int AS at, sum(extract(epoch FROM least(s.ends_at, w.ends_at) - greatest(s.starts_at, w.starts_at)))::int AS seconds
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY w(agent_id, starts_at, ends_at, at)
JOIN LATERAL (
  SELECT p.starts_at, p.ends_at FROM presence_span p
  WHERE p.agent_id = w.agent_id AND p.ends_at > w.starts_at AND p.starts_at < w.ends_at AND p.state IN ('offline', 'break')
  UNION ALL
  SELECT p.since, w.ends_at FROM presence p
  WHERE p.agent_id = w.agent_id AND p.since < w.ends_at AND p.state IN ('offline', 'break')) s ON true
GROUP BY w.at;

-- name: change(conversations, agents, first, turns, waited, replies, left_at, handed_on, ended, asked, rated, solved, stars, excluded, tickets)
-- What became of them in these agents' hands.
UPDATE agent_spell s SET first_reply_s = coalesce(s.first_reply_s, x.first), turns = s.turns + x.turns,
       waited_s = s.waited_s + x.waited, replies = s.replies + x.replies, left_at = coalesce(x.left_at, s.left_at),
       handed_on = s.handed_on OR x.handed_on, ended = s.ended OR x.ended, asked = s.asked OR x.asked,
       rated = s.rated OR x.rated, solved = CASE WHEN x.rated THEN x.solved ELSE s.solved END,
       stars = CASE WHEN x.rated THEN x.stars ELSE s.stars END, excluded = coalesce(x.excluded, s.excluded),
       ticket_id = coalesce(x.ticket_id, s.ticket_id)
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::int[], $7::timestamptz[], $8::bool[], $9::bool[],
            $10::bool[], $11::bool[], $12::bool[], $13::smallint[], $14::bool[], $15::uuid[])
     x(conversation_id, agent_id, first, turns, waited, replies, left_at, handed_on, ended, asked, rated, solved, stars,
       excluded, ticket_id)
WHERE s.conversation_id = x.conversation_id AND s.agent_id = x.agent_id
RETURNING s.agent_id, s.day;

-- name: came_back(tickets, conversations, ats, within)
-- 重复进线: the customer came back with the same matter, in another conversation.
UPDATE agent_spell s SET repeated = true
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) x(ticket_id, conversation_id, at)
WHERE s.ticket_id = x.ticket_id AND s.ended AND NOT s.repeated AND s.conversation_id <> x.conversation_id
  AND s.left_at <= x.at AND s.left_at > x.at - $4::interval
RETURNING s.agent_id, s.day;

-- name: count_days(agents, days)
-- These days anew, from what lies behind them.
INSERT INTO agent_day (agent_id, day, served, first_replies, first_reply_s, turns, waited_s, ended, length_s, handed_on,
                       repeated, asked, rated, starred, stars, judged, solved, excluded)
SELECT s.agent_id, s.day, count(*), count(s.first_reply_s), coalesce(sum(s.first_reply_s), 0), sum(s.turns),
       sum(s.waited_s), count(*) FILTER (WHERE s.ended),
       coalesce(sum(extract(epoch FROM s.left_at - s.given_at)) FILTER (WHERE s.ended), 0)::bigint,
       count(*) FILTER (WHERE s.handed_on), count(*) FILTER (WHERE s.repeated), count(*) FILTER (WHERE s.asked),
       count(*) FILTER (WHERE s.rated), count(s.stars) FILTER (WHERE NOT s.excluded),
       coalesce(sum(s.stars) FILTER (WHERE NOT s.excluded), 0), count(s.solved) FILTER (WHERE NOT s.excluded),
       count(*) FILTER (WHERE s.solved AND NOT s.excluded), count(*) FILTER (WHERE s.excluded)
FROM unnest($1::uuid[], $2::date[]) x(agent_id, day) JOIN agent_spell s USING (agent_id, day)
GROUP BY s.agent_id, s.day
ON CONFLICT (agent_id, day) DO UPDATE SET served = excluded.served, first_replies = excluded.first_replies,
  first_reply_s = excluded.first_reply_s, turns = excluded.turns, waited_s = excluded.waited_s, ended = excluded.ended,
  length_s = excluded.length_s, handed_on = excluded.handed_on, repeated = excluded.repeated, asked = excluded.asked,
  rated = excluded.rated, starred = excluded.starred, stars = excluded.stars, judged = excluded.judged,
  solved = excluded.solved, excluded = excluded.excluded;

-- name: days(agent_id, from_day, to_day)
-- An agent's days.
SELECT day, served, first_replies, first_reply_s, turns, waited_s, ended, length_s, handed_on, repeated, asked, rated, starred,
       stars, judged, solved, excluded
FROM agent_day WHERE agent_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day;

-- name: colleagues(agent_id, from_day, to_day)
-- The sums of those who share a team with an agent, each of his own.
SELECT sum(d.served)::int AS served, sum(d.first_replies)::int AS first_replies, sum(d.first_reply_s)::bigint AS first_reply_s,
       sum(d.turns)::int AS turns, sum(d.waited_s)::bigint AS waited_s, sum(d.ended)::int AS ended,
       sum(d.length_s)::bigint AS length_s, sum(d.handed_on)::int AS handed_on, sum(d.repeated)::int AS repeated,
       sum(d.starred)::int AS starred, sum(d.stars)::int AS stars, sum(d.judged)::int AS judged, sum(d.solved)::int AS solved
FROM agent_day d
WHERE d.day BETWEEN $2 AND $3 AND d.agent_id <> $1 AND d.agent_id IN (
  SELECT o.agent_id FROM team_member m JOIN team_member o ON o.team_id = m.team_id JOIN agent a ON a.id = o.agent_id
  WHERE m.agent_id = $1 AND a.active)
GROUP BY d.agent_id;

-- name: behind(agent_id, from_day, to_day, figure, count)
-- The conversations behind a figure, what drags it down first.
SELECT s.conversation_id, v.ticket_id, t.number AS ticket_number, t.subject, c.name AS contact_name, s.given_at,
       s.first_reply_s, CASE WHEN s.turns > 0 THEN (s.waited_s / s.turns)::int END AS response_s,
       CASE WHEN s.ended THEN extract(epoch FROM s.left_at - s.given_at)::int END AS length_s, s.solved, s.stars,
       s.handed_on, s.repeated, s.excluded
FROM agent_spell s JOIN conversation v ON v.id = s.conversation_id JOIN contact c ON c.id = v.contact_id
LEFT JOIN ticket t ON t.id = v.ticket_id
WHERE s.agent_id = $1 AND s.day BETWEEN $2 AND $3 AND CASE $4
  WHEN 'first' THEN s.first_reply_s IS NOT NULL WHEN 'response' THEN s.turns > 0 WHEN 'length' THEN s.ended
  WHEN 'solved' THEN s.solved IS NOT NULL AND NOT s.excluded WHEN 'csat' THEN s.stars IS NOT NULL AND NOT s.excluded
  WHEN 'rated' THEN s.rated WHEN 'handed_on' THEN s.handed_on WHEN 'repeated' THEN s.repeated WHEN 'excluded' THEN s.excluded ELSE true END
ORDER BY CASE $4 WHEN 'first' THEN -s.first_reply_s WHEN 'response' THEN -s.waited_s / greatest(s.turns, 1)
         WHEN 'length' THEN -extract(epoch FROM s.left_at - s.given_at) WHEN 'solved' THEN s.solved::int
         WHEN 'csat' THEN s.stars END, s.given_at DESC LIMIT $5;

-- name: ended_since(agent_id, since, day, count)
-- The conversations that ended with an agent since then, the last first; `day` is the oldest on which they came to him.
SELECT conversation_id FROM agent_spell
WHERE agent_id = $1 AND day >= $3 AND ended AND left_at >= $2 ORDER BY left_at DESC LIMIT $4;

-- name: shares_team(agent_id, teams, brands)
-- Whether an agent is in one of these teams, or in a team of one of these brands.
SELECT EXISTS (SELECT FROM team_member m JOIN team t ON t.id = m.team_id
               WHERE m.agent_id = $1 AND (t.id = ANY ($2) OR t.brand_id = ANY ($3)));
