-- name: all_waiting()
-- Everything that needs somebody.
SELECT kind, id, priority, seniority, team_id, inbox_id, channel, needs, back_to, spoken_at, held_by, since, prefer, returned,
       returned_at, missed, barred, level, last_agent, last_at, last_same
FROM routing_waiting;

-- name: waiting_among(ids)
-- Those of these that need somebody.
SELECT kind, id, priority, seniority, team_id, inbox_id, channel, needs, back_to, spoken_at, held_by, since, prefer, returned,
       returned_at, missed, barred, level, last_agent, last_at, last_same
FROM routing_waiting WHERE id = ANY ($1);

-- name: all_seats()
-- Everybody who may be given work.
SELECT id, name, state, state_since, lost_at, live_cap, async_cap, live, async, alone, idle_since, skills, levels, teams,
       came_at, came_with
FROM routing_seat;

-- name: seats_among(ids)
-- Those of these who may be given work.
SELECT id, name, state, state_since, lost_at, live_cap, async_cap, live, async, alone, idle_since, skills, levels, teams,
       came_at, came_with
FROM routing_seat WHERE id = ANY ($1);

-- name: on_duty(team_id, lost_since, helpers)
-- Whether somebody is in the house who could serve: of the team, or anybody where there is none or it has no members.
SELECT EXISTS (SELECT FROM routing_seat s WHERE s.state <> 'offline' AND (s.lost_at IS NULL OR s.lost_at > $2)
  AND ($1::uuid IS NULL OR $1 = ANY (s.teams) OR s.teams && $3::uuid[]
       OR NOT EXISTS (SELECT FROM team_member m JOIN agent a ON a.id = m.agent_id WHERE m.team_id = $1 AND a.active)));

-- name: queue_length(inbox_id)
-- How many wait in an inbox.
SELECT count(*)::int FROM conversation WHERE inbox_id = $1 AND live AND phase = 'queued';

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

-- name: waits_since(ticket_id)
SELECT coalesce(waiting_since, created_at) FROM ticket WHERE id = $1;

-- name: tickets_of(conversation_ids)
-- The tickets these conversations are about, before anything is locked.
SELECT DISTINCT ticket_id FROM conversation WHERE id = ANY ($1) AND ticket_id IS NOT NULL;

-- name: live_of_tickets(ticket_ids)
-- The live conversations in which these tickets are spoken of: what changes a ticket changes them.
SELECT id FROM conversation WHERE ticket_id = ANY ($1) AND live AND phase <> 'ended';

-- name: serving_of_agent(agent_id)
-- The live conversations an agent has at heart just now.
SELECT work_id FROM assignment WHERE agent_id = $1 AND load = 'live' AND counted AND ended_at IS NULL ORDER BY work_id;

-- name: add_assignments(ids, works, work_ids, agents, loads, counted, at, explanations, weights, alone)
-- New assignments; at most one open one a work, whoever writes.
INSERT INTO assignment (id, work, work_id, agent_id, load, counted, started_at, explanation, weight, alone)
SELECT i, w, x, a, l, c, $7, e, g, s
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[], $8::jsonb[], $9::smallint[], $10::bool[])
  u(i, w, x, a, l, c, e, g, s);

-- name: end_assignments(ids, reasons, at)
-- These are over; those that weighed come back, to give the room free.
UPDATE assignment a SET ended_at = $3, end_reason = x.reason, counted = false
FROM (SELECT o.id, u.reason, o.counted FROM unnest($1::uuid[], $2::text[]) u(id, reason) JOIN assignment o USING (id)
      WHERE o.ended_at IS NULL ORDER BY o.id FOR UPDATE OF o) x
WHERE a.id = x.id
RETURNING a.agent_id, a.load, a.weight, a.alone, x.counted;

-- name: recount(ids, counted)
-- These weigh, or no longer; only rows that changed come back.
UPDATE assignment a SET counted = x.counted
FROM unnest($1::uuid[], $2::bool[]) x(id, counted)
WHERE a.id = x.id AND a.ended_at IS NULL AND a.counted <> x.counted
RETURNING a.agent_id, a.load, a.weight, a.alone, a.counted;

-- name: all_burdens()
-- What open assignments weigh, and what their weight comes from, where the priority changed since they began.
SELECT id, agent_id, load, counted, weight, inbox_id, team_id, channel, priority FROM routing_burden b
WHERE EXISTS (SELECT FROM event e WHERE e.ticket_id = b.ticket_id AND e.at >= b.started_at
                AND e.kind = 'ticket.changed' AND e.data->'fields' ? 'priority');

-- name: burdens_among(work_ids)
-- The same of the open assignments of these.
SELECT id, agent_id, load, counted, weight, inbox_id, team_id, channel, priority FROM routing_burden
WHERE work_id = ANY ($1);

-- name: reweigh(ids, weights)
-- These weigh something else from now on; what was ended meanwhile stays as it was.
UPDATE assignment a SET weight = x.weight FROM unnest($1::uuid[], $2::smallint[]) x(id, weight)
WHERE a.id = x.id AND a.ended_at IS NULL RETURNING a.id;

-- name: load_drift()
-- Where the counter and the sum of what weighs differ.
SELECT l.agent_id, coalesce(s.live, 0) - l.live AS live, coalesce(s.async, 0) - l.async AS async,
       coalesce(s.alone, 0) - l.alone AS alone
FROM agent_load l LEFT JOIN (
  SELECT agent_id, coalesce(sum(weight) FILTER (WHERE load = 'live'), 0)::int AS live,
         coalesce(sum(weight) FILTER (WHERE load = 'async'), 0)::int AS async, count(*) FILTER (WHERE alone)::int AS alone
  FROM assignment WHERE ended_at IS NULL AND counted GROUP BY agent_id) s USING (agent_id)
WHERE (coalesce(s.live, 0), coalesce(s.async, 0), coalesce(s.alone, 0)) IS DISTINCT FROM (l.live, l.async, l.alone);

-- name: all_agents()
-- Every load there is.
SELECT agent_id FROM agent_load ORDER BY agent_id;

-- name: add_offer(id, work, work_id, from_agent, to_agent, to_team, note, at, expires_at)
-- A transfer on its way; at most one open one a work.
INSERT INTO offer (id, work, work_id, from_agent, to_agent, to_team, note, state, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9);

-- name: offer(id)
-- An offer before its work is locked.
SELECT id, work, work_id, from_agent, to_agent, to_team, note, state, created_at, expires_at FROM offer WHERE id = $1;

-- name: decide_offer(id, state, at, reason, by_agent)
-- Once: whoever comes second finds it decided.
UPDATE offer SET state = $2, decided_at = $3, reason = $4, to_agent = coalesce($5, to_agent)
WHERE id = $1 AND state = 'open' RETURNING id;

-- name: open_offers(agent_id, now)
-- What is offered to an agent, or to a team of his, and has not expired.
SELECT o.id, o.work, o.work_id, o.from_agent, o.to_agent, o.to_team, o.note, o.state, o.created_at, o.expires_at
FROM offer o
WHERE o.state = 'open' AND o.expires_at > $2 AND o.from_agent IS DISTINCT FROM $1
  AND (o.to_agent = $1 OR o.to_team IN (SELECT team_id FROM team_member WHERE agent_id = $1))
ORDER BY o.created_at;

-- name: open_offer_of(work_id)
-- The offer under way for a work.
SELECT id, work, work_id, from_agent, to_agent, to_team, note, state, created_at, expires_at
FROM offer WHERE work_id = $1 AND state = 'open';

-- name: accepted_offers(work_id)
-- How often a work was transferred.
SELECT count(*) FROM offer WHERE work_id = $1 AND state = 'accepted';

-- name: membership(agent_id)
-- The teams of an agent and where it leads.
SELECT team_id, lead FROM team_member WHERE agent_id = $1;

-- name: team_members(team_id)
-- Who is in a team.
SELECT agent_id FROM team_member WHERE team_id = $1;

-- name: missed_moves(work_id)
-- How often a work went on because nobody answered.
SELECT count(*) FROM assignment WHERE work_id = $1 AND end_reason = 'missed';

-- name: last_endings(agent_id, count)
-- How an agent's latest live assignments ended, newest first; an open one has not.
SELECT end_reason FROM assignment WHERE agent_id = $1 AND load = 'live' ORDER BY started_at DESC, id DESC LIMIT $2;

-- name: told(work_id)
-- The open assignment of a work as it was explained.
SELECT s.agent_id, a.name AS agent, s.explanation, s.started_at AS at
FROM assignment s JOIN agent a ON a.id = s.agent_id WHERE s.work_id = $1 AND s.ended_at IS NULL;

-- name: decided(work_id, most)
-- Every assignment of a work as it was explained, the newest first.
SELECT s.agent_id, a.name AS agent, s.explanation, s.started_at AS at, s.ended_at, s.end_reason AS ending
FROM assignment s JOIN agent a ON a.id = s.agent_id WHERE s.work_id = $1 ORDER BY s.started_at DESC, s.id DESC LIMIT $2;

-- name: queue_of(kind, team_id, most)
-- What waits for a team, as far as its order goes.
SELECT id, priority, needs ? 'front' AS front, seniority, since, inbox_id, channel FROM routing_waiting
WHERE kind = $1 AND team_id IS NOT DISTINCT FROM $2 ORDER BY since LIMIT $3;

-- name: queue(team_id, kinds)
-- How much of these kinds waits for a team, and since when the first of it.
SELECT count(*)::int AS length, min(since) AS first FROM routing_waiting
WHERE kind = ANY ($2::text[]) AND team_id IS NOT DISTINCT FROM $1;

-- name: urgency(ticket_id)
-- How urgent a ticket is.
SELECT priority::int FROM ticket WHERE id = $1;

-- name: unanswered(conversation_id)
-- Where the customer waits for the first word of who has it.
SELECT assigned_at, inbox_id, team_id FROM conversation
WHERE id = $1 AND live AND phase = 'served' AND waiting_since IS NOT NULL AND assigned_at IS NOT NULL
  AND (last_outbound_at IS NULL OR last_outbound_at < assigned_at);

-- name: names(ids)
-- What these agents, teams and skills are called.
SELECT id, name FROM agent WHERE id = ANY ($1) UNION ALL SELECT id, name FROM team WHERE id = ANY ($1)
UNION ALL SELECT id, name FROM skill WHERE id = ANY ($1);

-- name: waits(work_id)
-- Whether a work needs somebody at all, and whether triage is done with it.
SELECT CASE WHEN v.phase = 'ended' THEN 'over' WHEN NOT v.ready THEN 'triage' ELSE 'other' END AS how
FROM conversation v WHERE v.id = $1
UNION ALL
SELECT CASE WHEN t.status IN ('done', 'cancelled', 'pending') OR t.merged_into IS NOT NULL THEN 'over'
            WHEN EXISTS (SELECT FROM conversation c WHERE c.ticket_id = t.id AND c.live AND c.phase <> 'ended') THEN 'live'
            WHEN NOT t.ready THEN 'triage' ELSE 'other' END
FROM ticket t WHERE t.id = $1;

-- name: queued_at()
-- By which rules those who queue just now are put in order: through which inbox, for which team.
SELECT DISTINCT inbox_id, team_id FROM conversation WHERE phase = 'queued' AND live;

-- name: places(ids, inboxes, teams, ageing_s, now, highest, spans)
-- Where these stand in their teams' queues, in the order in which they will be served: waiting lifts them as the board
-- does it.
SELECT q.id, q.team_id, q.place FROM (
  SELECT v.id, v.team_id, row_number() OVER (
           PARTITION BY v.team_id ORDER BY
             CASE WHEN w.spans IS NULL OR w.spans <= 0 THEN w.priority WHEN w.spans >= $7 THEN $6
                  ELSE greatest(w.priority, least($6 - 1, w.priority + w.spans)) END DESC,
             v.needs ? 'front' DESC, v.seniority, v.id)::int AS place
  FROM conversation v LEFT JOIN ticket t ON t.id = v.ticket_id
  LEFT JOIN unnest($2::uuid[], $3::uuid[], $4::float8[]) a(inbox_id, team_id, span_s)
    ON a.inbox_id = v.inbox_id AND a.team_id IS NOT DISTINCT FROM v.team_id
  CROSS JOIN LATERAL (SELECT coalesce(t.priority, 2)::int AS priority,
    floor(extract(epoch FROM $5::timestamptz - coalesce(v.queued_at, v.seniority)) / a.span_s)::int AS spans) w
  WHERE v.phase = 'queued' AND v.live) q
WHERE q.id = ANY ($1);

-- name: pace(team_id, since)
-- How many live conversations of a team found somebody lately, and how many people of it are there.
SELECT (SELECT count(*) FROM assignment a JOIN conversation v ON v.id = a.work_id
        WHERE a.started_at > $2 AND a.work = 'conversation' AND v.team_id IS NOT DISTINCT FROM $1::uuid) AS served,
       (SELECT count(*) FROM presence p WHERE p.state = 'online' AND p.lost_at IS NULL AND ($1::uuid IS NULL
          OR NOT EXISTS (SELECT FROM team_member m WHERE m.team_id = $1::uuid)
          OR EXISTS (SELECT FROM team_member m WHERE m.team_id = $1::uuid AND m.agent_id = p.agent_id))) AS people;

-- name: leading()
-- Everybody who leads a team.
SELECT DISTINCT agent_id FROM team_member WHERE lead;

-- name: teams()
-- All teams by name.
SELECT id, name FROM team ORDER BY name, id;

-- name: locale(contact_id)
-- The language a customer is spoken to in.
SELECT locale FROM contact WHERE id = $1;

-- name: skill_keys()
-- What the skills are called in documents.
SELECT id, key FROM skill;

-- name: rated_by(ticket_id, agent_id)
-- Whether a ticket follows up a low rating of this agent.
SELECT EXISTS (SELECT FROM rating WHERE follow_up_id = $1 AND agent_id = $2)
    OR EXISTS (SELECT FROM ticket_rating WHERE follow_up_id = $1 AND owner_id = $2);

-- name: handling_times(since)
-- How long live conversations took each agent lately, in seconds.
SELECT agent_id, avg(extract(epoch FROM ended_at - started_at))::int AS seconds FROM assignment
WHERE work = 'conversation' AND started_at > $1 AND ended_at IS NOT NULL GROUP BY agent_id HAVING count(*) >= 5;

-- name: overflows()
-- The teams that others help just now, and how far.
SELECT team_id, steps, helpers, length, waited, most_priority FROM overflow;

-- name: helped_out(team_id, count)
-- What people of the teams that help this one have of its work just now, newest first.
SELECT a.work, a.work_id FROM overflow o JOIN team_member m ON m.team_id = ANY (o.helpers)
JOIN assignment a ON a.agent_id = m.agent_id AND a.ended_at IS NULL
WHERE o.team_id = $1 AND a.explanation ->> 'helped' = $1::uuid::text
ORDER BY a.started_at DESC, a.work_id LIMIT $2;

-- name: put_overflow(team_id, steps, helpers, length, waited, at, most_priority)
-- Others help a team from now on, or more of them, or fewer.
INSERT INTO overflow (team_id, steps, helpers, length, waited, since, most_priority)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (team_id) DO UPDATE SET steps = $2, helpers = $3, length = $4, waited = $5, most_priority = $7;

-- name: end_overflow(team_id)
-- The team manages alone again.
DELETE FROM overflow WHERE team_id = $1;
