-- name: newest()
-- What was kept last.
SELECT pos, epoch, v, state FROM metrics_kept;

-- name: unassigned()
-- Tickets that wait for somebody who takes them.
SELECT id, team_id, created_at FROM ticket WHERE status = 'new' AND agent_id IS NULL AND merged_into IS NULL AND ready;

-- name: late()
-- Promises that are nearly or really late and not over.
SELECT s.id, s.ticket_id, t.team_id, s.state = 'paused' AS paused, s.breached_at IS NOT NULL AS breached
FROM sla_target s JOIN ticket t ON t.id = s.ticket_id
WHERE s.state IN ('running', 'paused') AND s.warned_at IS NOT NULL AND t.merged_into IS NULL;

-- name: keep(pos, epoch, v, state, at)
-- What is counted up to a position, unless somebody kept more.
INSERT INTO metrics_kept (pos, epoch, v, state, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (one) DO UPDATE SET pos = $1, epoch = $2, v = $3, state = $4, at = $5
WHERE metrics_kept.pos < $1 OR metrics_kept.epoch <> $2 OR metrics_kept.v <> $3;
