-- name: done(tickets)
-- Of these, the customers' own matters that are done, and since when.
SELECT id, type, closed_at FROM ticket
WHERE id = ANY ($1) AND status = 'done' AND merged_into IS NULL AND parent_id IS NULL AND closed_at IS NOT NULL;

-- name: team_named(key)
-- A team by its key.
SELECT id FROM team WHERE key = $1;
