-- name: hold_breaks()
-- One at a time takes a break, stands in line or leaves it.
SELECT pg_advisory_xact_lock(hashtextextended('breaks', 0));

-- name: teams_of(agent_id)
-- The teams of an agent.
SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id;

-- name: on_break(team_id, except)
-- Who of a team is on a break, longest first.
SELECT a.id, a.name, p.reason, p.since FROM presence p JOIN team_member m ON m.agent_id = p.agent_id JOIN agent a ON a.id = p.agent_id
WHERE m.team_id = $1 AND p.state = 'break' AND p.agent_id <> $2 AND a.active ORDER BY p.since, a.id;

-- name: line(team_id)
-- Who waits for a break of a team, in order.
SELECT w.agent_id, a.name, w.reason, w.since, w.offered_at FROM break_wait w JOIN agent a ON a.id = w.agent_id
WHERE w.team_id = $1 ORDER BY w.since, w.agent_id;

-- name: place_in_line(agent_id)
-- Where somebody waits.
SELECT team_id, reason, since, offered_at FROM break_wait WHERE agent_id = $1;

-- name: join_line(agent_id, team_id, reason, since)
-- Somebody waits for a break; who waits already keeps his place.
INSERT INTO break_wait (agent_id, team_id, reason, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (agent_id) DO UPDATE SET reason = excluded.reason;

-- name: leave_line(agent_id)
-- He waits no more.
DELETE FROM break_wait WHERE agent_id = $1 RETURNING team_id;

-- name: offer_break(agent_id, at)
-- It is his turn.
UPDATE break_wait SET offered_at = $2 WHERE agent_id = $1 AND offered_at IS NULL;

-- name: dark_teams(teams, lost_since)
-- Which of these teams have people, and none of them in the house.
SELECT t.id FROM team t
WHERE (cardinality($1::uuid[]) = 0 OR t.id = ANY ($1))
  AND EXISTS (SELECT FROM team_member m JOIN agent a ON a.id = m.agent_id WHERE m.team_id = t.id AND a.active)
  AND NOT EXISTS (SELECT FROM team_member m JOIN presence p ON p.agent_id = m.agent_id
                  WHERE m.team_id = t.id AND p.state <> 'offline' AND (p.lost_at IS NULL OR p.lost_at > $2));

-- name: waiting_among(teams, most)
-- The live conversations of these teams that wait longest.
SELECT v.id, v.team_id, v.inbox_id FROM conversation v
WHERE v.team_id = ANY ($1) AND v.live AND v.phase = 'queued' AND v.ready
ORDER BY v.seniority, v.id LIMIT $2;

-- name: at_stake(conversation_id)
-- The ticket of a conversation, and whether triage found danger in what was said.
SELECT v.ticket_id, coalesce((v.needs->>'safety')::bool, false) OR coalesce((t.needs->>'safety')::bool, false) AS safety
FROM conversation v LEFT JOIN ticket t ON t.id = v.ticket_id WHERE v.id = $1;

-- name: still_waiting(team_id)
-- The live conversation of a team that waits longest.
SELECT id FROM conversation WHERE team_id = $1 AND live AND phase = 'queued' AND ready ORDER BY seniority, id LIMIT 1;

-- name: locale(conversation_id)
-- The language of its customer.
SELECT k.locale FROM conversation v JOIN contact k ON k.id = v.contact_id WHERE v.id = $1;

-- name: leads(team_id)
-- Who leads a team.
SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id WHERE m.team_id = $1 AND m.lead AND a.active ORDER BY m.agent_id;

-- name: add_call(id, team_id, conversation_id, called, at)
-- Somebody is called; one call a team at a time.
INSERT INTO duty_call (id, team_id, conversation_id, called, called_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (team_id) WHERE answered_at IS NULL DO NOTHING RETURNING id;

-- name: lock_call(id)
-- A call, held until the transaction ends.
SELECT id, team_id, conversation_id, called, called_at, answered_at FROM duty_call WHERE id = $1 FOR UPDATE;

-- name: call_more(id, agent_id)
-- The next one is called.
UPDATE duty_call SET called = called || $2::uuid WHERE id = $1;

-- name: answer_calls(teams, agent_id, at)
-- Somebody of these teams is there.
UPDATE duty_call SET answered_at = $3, answered_by = $2 WHERE answered_at IS NULL AND team_id = ANY ($1)
RETURNING id, team_id, conversation_id, called_at;

-- name: end_call(id, at)
-- Nobody waits any more.
UPDATE duty_call SET answered_at = $2 WHERE id = $1;

-- name: supervisors()
-- Whoever supervises.
SELECT a.id FROM agent a JOIN role r ON r.id = a.role_id WHERE a.active AND 'supervise' = ANY (r.permissions) AND r.scope = 'all' ORDER BY a.id;
