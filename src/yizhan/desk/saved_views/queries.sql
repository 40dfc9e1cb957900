-- name: page(scope, agent_id, teams, brands, after_at, after_id, count)
-- One page of the tickets that a viewer may see and a view selects, newest first.
SELECT t.id FROM ticket t CROSS JOIN LATERAL (
  SELECT (SELECT array_agg(array_to_string(p.parts[1:n], '.'))
          FROM (SELECT string_to_array(t.type, '.') AS parts) p, generate_series(1, cardinality(p.parts)) n) AS types,
         (SELECT m.key FROM team m WHERE m.id = t.team_id) AS team,
         (SELECT b.key FROM brand b WHERE b.id = t.brand_id) AS brand,
         (SELECT x.key FROM conversation v JOIN inbox x ON x.id = v.inbox_id WHERE v.ticket_id = t.id ORDER BY v.id LIMIT 1) AS inbox,
         ARRAY(SELECT s.segment FROM contact c JOIN segment_member s ON s.person_id = c.person_id WHERE c.id = t.contact_id) AS segment,
         (SELECT max(p.level)::int FROM contact c JOIN contact p ON p.person_id = c.person_id WHERE c.id = t.contact_id) AS level,
         (SELECT k.grade FROM complaint k WHERE k.ticket_id = t.id) AS grade,
         (SELECT CASE WHEN s.breached_at IS NOT NULL THEN 'breached' WHEN s.warned_at IS NOT NULL THEN 'warned' ELSE 'running' END
          FROM sla_target s WHERE s.ticket_id = t.id AND s.state = 'running' ORDER BY s.due_at, s.id LIMIT 1) AS due,
         t.subject || ' ' || t.preview AS words) f
WHERE t.merged_into IS NULL
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($5::timestamptz IS NULL OR (t.last_message_at, t.id) < ($5, $6::uuid))
  AND (true IS NOT FALSE)
ORDER BY t.last_message_at DESC, t.id DESC LIMIT $7;

-- name: counts(scope, agent_id, teams, brands, most)
-- How many of the unfinished tickets that a viewer may see each of his views holds, in one pass over no more than `most`.
SELECT '{}'::int[] AS numbers FROM (
  SELECT * FROM ticket t
  WHERE t.status IN ('new', 'open', 'pending') AND t.merged_into IS NULL
    AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
         OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  LIMIT $5) t CROSS JOIN LATERAL (
  SELECT (SELECT array_agg(array_to_string(p.parts[1:n], '.'))
          FROM (SELECT string_to_array(t.type, '.') AS parts) p, generate_series(1, cardinality(p.parts)) n) AS types,
         (SELECT m.key FROM team m WHERE m.id = t.team_id) AS team,
         (SELECT b.key FROM brand b WHERE b.id = t.brand_id) AS brand,
         (SELECT x.key FROM conversation v JOIN inbox x ON x.id = v.inbox_id WHERE v.ticket_id = t.id ORDER BY v.id LIMIT 1) AS inbox,
         ARRAY(SELECT s.segment FROM contact c JOIN segment_member s ON s.person_id = c.person_id WHERE c.id = t.contact_id) AS segment,
         (SELECT max(p.level)::int FROM contact c JOIN contact p ON p.person_id = c.person_id WHERE c.id = t.contact_id) AS level,
         (SELECT k.grade FROM complaint k WHERE k.ticket_id = t.id) AS grade,
         (SELECT CASE WHEN s.breached_at IS NOT NULL THEN 'breached' WHEN s.warned_at IS NOT NULL THEN 'warned' ELSE 'running' END
          FROM sla_target s WHERE s.ticket_id = t.id AND s.state = 'running' ORDER BY s.due_at, s.id LIMIT 1) AS due,
         t.subject || ' ' || t.preview AS words) f;

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
