-- name: walk(agent_id, course)
-- How far he is; nothing where he has not begun.
SELECT round, began_at, done, state FROM guide_walk WHERE agent_id = $1 AND course = $2;

-- name: go_on(agent_id, course, round, began_at, done, state)
-- What two devices did adds up. A later round begins anew; what belongs to an earlier one is dropped.
INSERT INTO guide_walk AS g (agent_id, course, round, began_at, done, state)
VALUES ($1, $2, $3, $4, $5, coalesce($6, 'running'))
ON CONFLICT (agent_id, course) DO UPDATE SET
  round = excluded.round,
  began_at = CASE WHEN excluded.round > g.round THEN excluded.began_at ELSE g.began_at END,
  done = CASE WHEN excluded.round > g.round THEN excluded.done
              ELSE ARRAY(SELECT DISTINCT unnest(g.done || excluded.done) ORDER BY 1) END,
  state = CASE WHEN excluded.round > g.round THEN 'running' ELSE coalesce($6, g.state) END
WHERE excluded.round >= g.round;
