-- name: newest()
-- What was kept last.
SELECT pos, epoch, v, state FROM metrics_kept;

-- name: unassigned()
-- Tickets that wait for somebody who takes them.
SELECT id, team_id, created_at FROM ticket WHERE status = 'new' AND agent_id IS NULL AND merged_into IS NULL AND ready;

-- name: keep(pos, epoch, v, state, at)
-- What is counted up to a position, unless somebody kept more.
INSERT INTO metrics_kept (pos, epoch, v, state, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (one) DO UPDATE SET pos = $1, epoch = $2, v = $3, state = $4, at = $5
WHERE metrics_kept.pos < $1 OR metrics_kept.epoch <> $2 OR metrics_kept.v <> $3;
