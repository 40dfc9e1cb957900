-- name: live_of_agent(agent_id)
-- The live conversations somebody serves, longest waiting first.
SELECT id FROM conversation WHERE agent_id = $1 AND live AND phase = 'served' ORDER BY waiting_since NULLS LAST, id;

-- name: due_of_agent(agent_id, before, now)
-- The tickets of an agent for which something is promised between now and then; those of live conversations go with these.
SELECT t.id AS ticket_id, t.team_id, x.due_at, x.why
FROM ticket t JOIN LATERAL (
  SELECT d.due_at, d.why FROM (
    SELECT s.due_at, 'sla' AS why FROM sla_target s WHERE s.ticket_id = t.id AND s.state = 'running' AND s.due_at <= $2 AND s.due_at > $3
    UNION ALL SELECT p.due, 'promise' FROM promise p
      WHERE p.ticket_id = t.id AND p.state = 'open' AND p.settled_at IS NULL AND p.due <= $2 AND p.due > $3
    UNION ALL SELECT t.next_follow_up, 'follow_up' WHERE t.next_follow_up <= $2 AND t.next_follow_up > $3) d
  ORDER BY d.due_at LIMIT 1) x ON true
WHERE t.agent_id = $1 AND t.status = 'open' AND t.merged_into IS NULL
  AND NOT EXISTS (SELECT FROM conversation c WHERE c.ticket_id = t.id AND c.live AND c.phase <> 'ended')
ORDER BY x.due_at, t.id;

-- name: held_by_absent(agent_id, until, everything)
-- The open tickets of an agent for which something is or was promised until then, or all of them.
SELECT t.id AS ticket_id, t.team_id, coalesce(x.due_at, t.created_at) AS due_at, coalesce(x.why, 'absent') AS why
FROM ticket t LEFT JOIN LATERAL (
  SELECT d.due_at, d.why FROM (
    SELECT s.due_at, 'sla' AS why FROM sla_target s WHERE s.ticket_id = t.id AND s.state = 'running' AND s.due_at <= $2
    UNION ALL SELECT p.due, 'promise' FROM promise p
      WHERE p.ticket_id = t.id AND p.state = 'open' AND p.settled_at IS NULL AND p.due <= $2
    UNION ALL SELECT t.next_follow_up, 'follow_up' WHERE t.next_follow_up <= $2) d
  ORDER BY d.due_at LIMIT 1) x ON true
WHERE t.agent_id = $1 AND t.status = 'open' AND t.merged_into IS NULL AND ($3 OR x.due_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM conversation c WHERE c.ticket_id = t.id AND c.live AND c.phase <> 'ended')
ORDER BY t.id;

-- name: holds_any(agent_id)
-- Whether somebody has anything that is not over.
SELECT EXISTS (SELECT FROM ticket WHERE agent_id = $1 AND status IN ('open', 'pending') AND merged_into IS NULL);

-- name: add_item(id, shift_id, from_agent, to_agent, to_team, ticket_id, conversation_id, how, note, at)
-- Something was left to others.
INSERT INTO handover_item (id, shift_id, from_agent, to_agent, to_team, ticket_id, conversation_id, how, note, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: kept(from_agent, since)
-- The conversations he said he would finish.
SELECT conversation_id FROM handover_item WHERE from_agent = $1 AND how = 'keep' AND at >= $2;

-- name: received(agent_id, since)
-- What others left to somebody, or to a team of his, newest first.
SELECT i.id, i.from_agent, a.name AS from_name, i.to_agent, i.to_team, i.ticket_id, i.conversation_id, i.how, i.note, i.at, i.seen_at
FROM handover_item i JOIN agent a ON a.id = i.from_agent
WHERE i.at >= $2 AND i.how <> 'keep' AND i.from_agent <> $1
  AND (i.to_agent = $1 OR (i.to_agent IS NULL AND i.to_team IN (SELECT m.team_id FROM team_member m WHERE m.agent_id = $1)))
ORDER BY i.at DESC, i.id;

-- name: see(agent_id, at)
-- He has read his sheet.
UPDATE handover_item SET seen_at = $2 WHERE to_agent = $1 AND seen_at IS NULL;

-- name: teams_of(agent_id)
-- The teams of an agent.
SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id;
