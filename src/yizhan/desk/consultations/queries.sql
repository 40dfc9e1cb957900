-- name: leads(team_id)
-- Who leads a team.
SELECT m.agent_id AS id FROM team_member m JOIN agent a ON a.id = m.agent_id
WHERE m.team_id = $1 AND m.lead AND a.active ORDER BY m.agent_id;

-- name: people(agents, teams)
-- Those of these who work here, and everybody who works in these teams.
SELECT a.id FROM agent a
WHERE a.active AND (a.id = ANY ($1) OR a.id IN (SELECT m.agent_id FROM team_member m WHERE m.team_id = ANY ($2)))
ORDER BY a.id;

-- name: known(agents, teams)
-- How many of these work here, and how many of these are teams.
SELECT (SELECT count(*) FROM agent WHERE id = ANY ($1) AND active)::int AS agents,
       (SELECT count(*) FROM team WHERE id = ANY ($2))::int AS teams;

-- name: ticket_of(consultation_id)
-- Which ticket has to be locked first.
SELECT ticket_id FROM consultation WHERE id = $1;

-- name: running(ticket_id)
-- The open consultation of a ticket or of one that was merged into it.
SELECT c.id FROM consultation c WHERE c.state = 'open'
  AND (c.ticket_id = $1 OR c.ticket_id IN (SELECT t.id FROM ticket t WHERE t.merged_into = $1)) ORDER BY c.id LIMIT 1;
