-- name: hold_rosters()
-- One at a time writes rosters: two who plan the same person at once would not see each other's shift.
SELECT pg_advisory_xact_lock(hashtextextended('rosters', 0));

-- name: add_shifts(ids, teams, agents, kinds, starts, ends, zones)
-- New shifts.
INSERT INTO shift (id, team_id, agent_id, kind, starts_at, ends_at, tz)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[]);

-- name: change_shift(id, team_id, agent_id, kind, starts_at, ends_at, tz)
-- The shift as it shall be.
UPDATE shift SET team_id = $2, agent_id = $3, kind = $4, starts_at = $5, ends_at = $6, tz = $7, version = version + 1
WHERE id = $1 RETURNING version;

-- name: remove_shift(id)
-- Nobody works then.
DELETE FROM shift WHERE id = $1;

-- name: lock_shift(id)
-- The shift as it is, held until the transaction ends.
SELECT id, team_id, agent_id, kind, starts_at, ends_at, tz, version FROM shift WHERE id = $1 FOR UPDATE;

-- name: shift(id)
-- One shift.
SELECT id, team_id, agent_id, kind, starts_at, ends_at, tz, version FROM shift WHERE id = $1;

-- name: shifts_between(from, until, teams, agents)
-- All that touch these times, of these teams or people; null is all of them.
SELECT id, team_id, agent_id, kind, starts_at, ends_at, tz, version FROM shift
WHERE ends_at > $1 AND starts_at < $2 AND ($3::uuid[] IS NULL OR team_id = ANY ($3)) AND ($4::uuid[] IS NULL OR agent_id = ANY ($4))
ORDER BY starts_at, agent_id;

-- name: next_shift(agent_id, after)
-- When somebody works next.
SELECT id, team_id, agent_id, kind, starts_at, ends_at, tz, version FROM shift
WHERE agent_id = $1 AND ends_at > $2 AND starts_at >= $2 AND kind <> 'on_call' ORDER BY starts_at LIMIT 1;

-- name: on_duty(now, lately)
-- Who works just now and is not on leave, with those whose shift ended after `lately`; `until` is where his last shift
-- ends that follows without a break.
SELECT s.id AS shift_id, s.agent_id, s.team_id, s.kind, s.starts_at, s.ends_at,
       coalesce((WITH RECURSIVE onward (at) AS (
          SELECT s.ends_at UNION SELECT n.ends_at FROM onward o JOIN shift n ON n.agent_id = s.agent_id AND n.kind <> 'on_call'
            AND n.starts_at = o.at AND n.ends_at < s.ends_at + interval '2 days') SELECT max(at) FROM onward), s.ends_at) AS until
FROM shift s
WHERE s.starts_at <= $1 AND s.ends_at > $2
  AND NOT EXISTS (SELECT FROM leave l WHERE l.agent_id = s.agent_id AND l.starts_at <= $1 AND l.ends_at > $1)
ORDER BY s.starts_at, s.agent_id;

-- name: add_leave(id, agent_id, kind, starts_at, ends_at, tz, note)
-- Somebody is away.
INSERT INTO leave (id, agent_id, kind, starts_at, ends_at, tz, note) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: remove_leave(id)
-- He is not away after all.
DELETE FROM leave WHERE id = $1 RETURNING agent_id;

-- name: leaves_between(from, until, agents)
-- Who is away at these times.
SELECT id, agent_id, kind, starts_at, ends_at, tz, note FROM leave
WHERE ends_at > $1 AND starts_at < $2 AND ($3::uuid[] IS NULL OR agent_id = ANY ($3)) ORDER BY starts_at, agent_id;

-- name: people()
-- Everybody who may be on a roster, with his teams.
SELECT a.id, a.login, a.name, ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id ORDER BY m.team_id) AS team_ids
FROM agent a WHERE a.active ORDER BY a.name, a.id;
