-- name: page(scope, agent_id, teams, brands, after_at, after_id, count)
-- One page of the tickets that a viewer may see and a view selects, newest first.
SELECT t.id FROM ticket t CROSS JOIN LATERAL ticket_asked(t.id, t.type, t.team_id, t.brand_id, t.contact_id, t.subject, t.preview) f
WHERE t.merged_into IS NULL AND work_is_seen(t.brand_id, t.team_id, t.agent_id, $1, $2, $3, $4)
  AND ($5::timestamptz IS NULL OR (t.last_message_at, t.id) < ($5, $6::uuid))
  AND (true IS NOT FALSE)
ORDER BY t.last_message_at DESC, t.id DESC LIMIT $7;

-- name: counts(scope, agent_id, teams, brands, most)
-- How many of the unfinished tickets that a viewer may see each of his views holds, in one pass over no more than `most`.
SELECT '{}'::int[] AS numbers FROM (
  SELECT * FROM ticket t
  WHERE t.status IN ('new', 'open', 'pending') AND t.merged_into IS NULL
    AND work_is_seen(t.brand_id, t.team_id, t.agent_id, $1, $2, $3, $4)
  LIMIT $5) t CROSS JOIN LATERAL ticket_asked(t.id, t.type, t.team_id, t.brand_id, t.contact_id, t.subject, t.preview) f;

-- name: patience(span)
-- No statement of this transaction takes longer.
SELECT set_config('statement_timeout', $1, true);

-- name: views_of(agent_id, teams)
-- Whatever somebody kept himself or shares with a team of his, by name.
SELECT v.id, v.agent_id, a.name AS owner_name, v.team_id, v.name, v.base, v.tree, v.version
FROM saved_view v JOIN agent a ON a.id = v.agent_id
WHERE v.agent_id = $1 OR v.team_id = ANY ($2) ORDER BY v.name, v.id;

-- name: seen_view(id, agent_id, teams)
-- One of them.
SELECT v.id, v.agent_id, a.name AS owner_name, v.team_id, v.name, v.base, v.tree, v.version
FROM saved_view v JOIN agent a ON a.id = v.agent_id
WHERE v.id = $1 AND (v.agent_id = $2 OR v.team_id = ANY ($3));

-- name: kept_by(agent_id)
-- How many somebody keeps.
SELECT count(*)::int FROM saved_view WHERE agent_id = $1;

-- name: add(id, agent_id, team_id, name, base, tree)
-- A new view.
INSERT INTO saved_view (id, agent_id, team_id, name, base, tree) VALUES ($1, $2, $3, $4, $5, $6);

-- name: change(id, version, team_id, name, base, tree)
-- A view changed, unless somebody else changed it meanwhile.
UPDATE saved_view SET team_id = $3, name = $4, base = $5, tree = $6, version = version + 1
WHERE id = $1 AND version = $2 RETURNING version;

-- name: drop(id)
-- A view no longer kept.
DELETE FROM saved_view WHERE id = $1;

-- name: order_of(agent_id)
-- How somebody orders his views.
SELECT ids, opens FROM saved_view_order WHERE agent_id = $1;

-- name: put_order(agent_id, ids, opens)
-- Kept as it is now.
INSERT INTO saved_view_order (agent_id, ids, opens) VALUES ($1, $2, $3)
ON CONFLICT (agent_id) DO UPDATE SET ids = excluded.ids, opens = excluded.opens;
