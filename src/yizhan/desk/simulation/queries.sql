-- name: chats_of_day(after, ceiling, most)
-- Live conversations by their time of birth, a page of them, with what they asked for.
SELECT v.id, v.ticket_id, v.contact_id, v.inbox_id, v.team_id, v.channel, k.level::int AS level,
       coalesce(t.needs, '{}') || v.needs AS needs, (SELECT d.before::int FROM priority_decision d WHERE d.ticket_id = v.ticket_id
         AND d.why <> 'waiting' ORDER BY d.id LIMIT 1) AS found
FROM conversation v JOIN contact k ON k.id = v.contact_id LEFT JOIN ticket t ON t.id = v.ticket_id
WHERE v.id > $1 AND v.id < $2 AND v.live ORDER BY v.id LIMIT $3;

-- name: chats_before(after, ceiling, most, start)
-- Live conversations that began before the day and were not over when it began, a page of them.
SELECT v.id, v.ticket_id, v.contact_id, v.inbox_id, v.team_id, v.channel, k.level::int AS level,
       coalesce(t.needs, '{}') || v.needs AS needs, (SELECT d.before::int FROM priority_decision d WHERE d.ticket_id = v.ticket_id
         AND d.why <> 'waiting' ORDER BY d.id LIMIT 1) AS found
FROM conversation v JOIN contact k ON k.id = v.contact_id LEFT JOIN ticket t ON t.id = v.ticket_id
WHERE v.id > $1 AND v.id < $2 AND v.live AND (v.ended_at IS NULL OR v.ended_at >= $4) ORDER BY v.id LIMIT $3;

-- name: letters_before(after, ceiling, most, start)
-- Tickets from before the day that were not over when it began and that no live conversation spoke of, a page of them.
SELECT t.id, t.id AS ticket_id, t.contact_id, (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id LIMIT 1) AS inbox_id,
       t.team_id, t.channel, k.level::int AS level, t.needs, (SELECT d.before::int FROM priority_decision d WHERE d.ticket_id = t.id
         AND d.why <> 'waiting' ORDER BY d.id LIMIT 1) AS found
FROM ticket t JOIN contact k ON k.id = t.contact_id
WHERE t.id > $1 AND t.id < $2 AND t.merged_into IS NULL AND (t.closed_at IS NULL OR t.closed_at >= $4)
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id AND v.live AND v.id < $2)
ORDER BY t.id LIMIT $3;

-- name: letters_of_day(after, ceiling, most)
-- Tickets by their time of birth that no live conversation spoke of when they were born, a page of them.
SELECT t.id, t.id AS ticket_id, t.contact_id, (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id LIMIT 1) AS inbox_id,
       t.team_id, t.channel, k.level::int AS level, t.needs, (SELECT d.before::int FROM priority_decision d WHERE d.ticket_id = t.id
         AND d.why <> 'waiting' ORDER BY d.id LIMIT 1) AS found
FROM ticket t JOIN contact k ON k.id = t.contact_id
WHERE t.id > $1 AND t.id < $2
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id AND v.live AND v.id < $2)
ORDER BY t.id LIMIT $3;

-- name: told_of_tickets(tickets, kinds)
-- What the journal says of these tickets and of the conversations about them.
SELECT pos, seq, at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
       ticket_id, actor, on_behalf, request, cause, depth, data
FROM event WHERE ticket_id = ANY ($1) AND kind = ANY ($2);

-- name: told_of_contacts(contacts, conversations, kinds)
-- What it says of conversations about no ticket.
SELECT pos, seq, at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
       ticket_id, actor, on_behalf, request, cause, depth, data
FROM event WHERE contact_id = ANY ($1) AND ticket_id IS NULL AND conversation_id = ANY ($2) AND kind = ANY ($3);

-- name: people()
-- Everybody who may be given work, with his own limits.
SELECT id, name, live_cap, async_cap, skills, levels, teams FROM routing_seat ORDER BY id;

-- name: presence_between(from, until)
-- When everybody was 在线; what is not over yet ends with `until`.
SELECT agent_id, starts_at, ends_at FROM presence_span WHERE state = 'online' AND ends_at > $1 AND starts_at < $2
UNION ALL SELECT agent_id, since, $2 FROM presence WHERE state = 'online' AND since < $2
ORDER BY 1, 2;

-- name: known_between(from, until)
-- Whose presence was kept in these times, whatever it was.
SELECT agent_id FROM presence_span WHERE ends_at > $1 AND starts_at < $2
UNION SELECT agent_id FROM presence WHERE since < $2;

-- name: shifts_between(from, until)
-- Who was to work when, not on call and not on leave.
SELECT s.id AS shift_id, s.agent_id, s.team_id, s.kind, s.starts_at, s.ends_at FROM shift s
WHERE s.ends_at > $1 AND s.starts_at < $2 AND s.kind <> 'on_call'
  AND NOT EXISTS (SELECT FROM leave l WHERE l.agent_id = s.agent_id AND l.starts_at <= s.starts_at AND l.ends_at > s.starts_at)
ORDER BY s.starts_at, s.agent_id;

-- name: skill_keys()
-- What the skills are called in documents.
SELECT id, key FROM skill;

-- name: places()
-- Every team with the inbox its customers come through.
SELECT m.id AS team_id, m.key AS team, b.key AS brand, i.id AS inbox_id, i.key AS inbox, i.channel
FROM team m LEFT JOIN brand b ON b.id = m.brand_id
LEFT JOIN LATERAL (SELECT x.id, x.key, x.channel FROM inbox x WHERE x.team_id = m.id AND x.channel = 'webchat' ORDER BY x.id LIMIT 1) i ON true
ORDER BY m.name, m.id;

-- name: add(id, agent_id, asked, now)
-- Somebody asks for one.
INSERT INTO simulation (id, agent_id, asked, state, created_at) VALUES ($1, $2, $3, 'queued', $4);

-- name: forget(count)
-- All but the newest, without those under way.
DELETE FROM simulation WHERE state NOT IN ('queued', 'running')
  AND id NOT IN (SELECT id FROM simulation ORDER BY id DESC LIMIT $1);

-- name: under_way()
-- How many are waiting or running.
SELECT count(*)::int FROM simulation WHERE state IN ('queued', 'running');

-- name: begin(id)
-- It runs now, also after a worker died with it; nothing where somebody called it off.
UPDATE simulation SET state = 'running' WHERE id = $1 AND state IN ('queued', 'running') RETURNING asked;

-- name: reach(id, progress)
-- How far it is; nothing where it was called off meanwhile.
UPDATE simulation SET progress = $2 WHERE id = $1 AND state = 'running' RETURNING id;

-- name: end(id, state, result, error, now)
-- What came of it, unless it was called off.
UPDATE simulation SET state = $2, result = $3, error = $4, ended_at = $5, progress = CASE WHEN $2 = 'ended' THEN 1 ELSE progress END
WHERE id = $1 AND state IN ('queued', 'running') RETURNING agent_id;

-- name: simulations(count)
-- The newest, without their results.
SELECT s.id, s.agent_id, a.name AS agent_name, s.asked, s.state, s.progress, s.created_at, s.ended_at, s.error, NULL::jsonb AS result
FROM simulation s JOIN agent a ON a.id = s.agent_id ORDER BY s.id DESC LIMIT $1;

-- name: simulation(id)
-- One, with its result.
SELECT s.id, s.agent_id, a.name AS agent_name, s.asked, s.state, s.progress, s.created_at, s.ended_at, s.error, s.result
FROM simulation s JOIN agent a ON a.id = s.agent_id WHERE s.id = $1;

-- name: handling_times(since, until)
-- How long live conversations took each agent before a day, in seconds, as routing measures it.
SELECT agent_id, avg(extract(epoch FROM ended_at - started_at))::int AS seconds FROM assignment
WHERE work = 'conversation' AND started_at > $1 AND ended_at <= $2 GROUP BY agent_id HAVING count(*) >= 5;
