-- name: all_waiting()
-- Everything that needs somebody.
SELECT kind, id, priority, seniority, team_id, needs, back_to, spoken_at, held_by, since, prefer, returned, missed
FROM routing_waiting;

-- name: waiting_among(ids)
-- Those of these that need somebody.
SELECT kind, id, priority, seniority, team_id, needs, back_to, spoken_at, held_by, since, prefer, returned, missed
FROM routing_waiting WHERE id = ANY ($1);

-- name: all_seats()
-- Everybody who may be given work.
SELECT id, name, state, state_since, lost_at, live_cap, async_cap, live, async, idle_since, skills, teams FROM routing_seat;

-- name: seats_among(ids)
-- Those of these who may be given work.
SELECT id, name, state, state_since, lost_at, live_cap, async_cap, live, async, idle_since, skills, teams
FROM routing_seat WHERE id = ANY ($1);

-- name: all_stances()
-- What every open assignment weighs and should weigh.
SELECT id, work, work_id, agent_id, load, counted, stance, ending FROM routing_stance;

-- name: stances_among(work_ids)
-- What the open assignments of these weigh and should weigh.
SELECT id, work, work_id, agent_id, load, counted, stance, ending FROM routing_stance WHERE work_id = ANY ($1);

-- name: open_assignments(work_ids)
-- Who has these now; their rows are changed only under the locks of work and room.
SELECT id, work, work_id, agent_id, load, counted, started_at FROM assignment
WHERE work_id = ANY ($1) AND ended_at IS NULL;

-- name: serving_of_agent(agent_id)
-- The live conversations an agent has at heart just now.
SELECT work_id FROM assignment WHERE agent_id = $1 AND load = 'live' AND counted AND ended_at IS NULL ORDER BY work_id;

-- name: add_assignments(ids, works, work_ids, agents, loads, counted, at, explanations)
-- New assignments; at most one open one a work, whoever writes.
INSERT INTO assignment (id, work, work_id, agent_id, load, counted, started_at, explanation)
SELECT i, w, x, a, l, c, $7, e
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[], $8::jsonb[]) u(i, w, x, a, l, c, e);

-- name: end_assignments(ids, reasons, at)
-- These are over; those that weighed come back, to give the room free.
UPDATE assignment a SET ended_at = $3, end_reason = x.reason, counted = false
FROM (SELECT o.id, u.reason, o.counted FROM unnest($1::uuid[], $2::text[]) u(id, reason) JOIN assignment o USING (id)
      WHERE o.ended_at IS NULL ORDER BY o.id FOR UPDATE OF o) x
WHERE a.id = x.id
RETURNING a.agent_id, a.load, x.counted;

-- name: recount(ids, counted)
-- These weigh, or no longer; only rows that changed come back.
UPDATE assignment a SET counted = x.counted
FROM unnest($1::uuid[], $2::bool[]) x(id, counted)
WHERE a.id = x.id AND a.ended_at IS NULL AND a.counted <> x.counted
RETURNING a.agent_id, a.load, a.counted;

-- name: load_drift()
-- Where the counter and the sum of what weighs differ.
SELECT l.agent_id, coalesce(s.live, 0) - l.live AS live, coalesce(s.async, 0) - l.async AS async
FROM agent_load l LEFT JOIN (
  SELECT agent_id, count(*) FILTER (WHERE load = 'live')::int AS live, count(*) FILTER (WHERE load = 'async')::int AS async
  FROM assignment WHERE ended_at IS NULL AND counted GROUP BY agent_id) s USING (agent_id)
WHERE (coalesce(s.live, 0), coalesce(s.async, 0)) IS DISTINCT FROM (l.live, l.async);

-- name: all_agents()
-- Every load there is.
SELECT agent_id FROM agent_load ORDER BY agent_id;

-- name: team_names(ids)
-- What these teams are called.
SELECT id, name FROM team WHERE id = ANY ($1);
