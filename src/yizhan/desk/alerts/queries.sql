-- name: open_alerts()
-- Every alert that is not over, also those that have not lasted long enough.
SELECT id, rule, rule_version, place, team_id, metric, level, threshold, value, worst, since, fired_at, calm_since, told_at,
       acknowledged_at, acknowledged_by, ended_at, version
FROM alert WHERE ended_at IS NULL ORDER BY id;

-- name: put(row)
-- An alert as it is now. One that somebody acknowledged meanwhile is left to the next look.
INSERT INTO alert AS a SELECT * FROM jsonb_populate_record(NULL::alert, $1)
ON CONFLICT (id) DO UPDATE SET
  value = excluded.value, worst = excluded.worst, fired_at = excluded.fired_at, calm_since = excluded.calm_since,
  told_at = excluded.told_at, ended_at = excluded.ended_at, level = excluded.level, threshold = excluded.threshold,
  rule_version = excluded.rule_version, version = excluded.version
WHERE a.version = excluded.version - 1
RETURNING version;

-- name: drop(id)
-- It never lasted.
DELETE FROM alert WHERE id = $1 AND fired_at IS NULL;

-- name: acknowledge(id, agent_id, now)
-- Somebody has it.
UPDATE alert SET acknowledged_at = $3, acknowledged_by = $2, version = version + 1
WHERE id = $1 AND fired_at IS NOT NULL AND ended_at IS NULL AND acknowledged_at IS NULL RETURNING version;

-- name: rows(ids)
-- These alerts with the names of who has them.
SELECT a.id, a.rule, a.rule_version, a.place, a.team_id, a.metric, a.level, a.threshold, a.value, a.worst, a.since,
       a.fired_at, a.calm_since, a.told_at, a.acknowledged_at, a.acknowledged_by, a.ended_at, a.version,
       g.name AS acknowledged_name
FROM alert a LEFT JOIN agent g ON g.id = a.acknowledged_by
WHERE a.id = ANY ($1) AND a.fired_at IS NOT NULL ORDER BY a.fired_at DESC, a.id;

-- name: firing()
-- Those that fire.
SELECT id FROM alert WHERE fired_at IS NOT NULL AND ended_at IS NULL ORDER BY fired_at DESC, id;

-- name: history(before, count)
-- Those that fired, newest first.
SELECT id FROM alert WHERE fired_at IS NOT NULL AND ($1::timestamptz IS NULL OR fired_at < $1)
ORDER BY fired_at DESC, id LIMIT $2;

-- name: places()
-- What people call teams and inboxes, and what documents call them.
SELECT 'team' AS kind, id, key, name FROM team UNION ALL SELECT 'inbox', id, key, name FROM inbox;

-- name: agents_of_roles(roles)
-- Everybody active in these roles.
SELECT a.id FROM agent a JOIN role r ON r.id = a.role_id WHERE a.active AND r.key = ANY ($1) ORDER BY a.id;

-- name: leads_of(team_id)
-- Who leads a team.
SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
WHERE m.team_id = $1 AND m.lead AND a.active ORDER BY m.agent_id;
