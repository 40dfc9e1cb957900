-- name: note(task, ran_at, seconds, rows, error)
-- What a task came to, instead of what it came to the time before.
INSERT INTO upkeep (task, ran_at, seconds, rows, error) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (task) DO UPDATE SET ran_at = $2, seconds = $3, rows = $4, error = $5;

-- name: outcomes()
-- What every task last came to.
SELECT task, ran_at, seconds, rows, error FROM upkeep ORDER BY task;

-- name: partitions_ahead(now)
-- Makes the partitions that will be needed.
SELECT part, moved FROM partitions_ahead($1);

-- name: rows_astray()
-- Rows that no partition was made for.
SELECT parent, astray FROM rows_astray() WHERE astray > 0;
