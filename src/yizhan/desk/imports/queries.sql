-- name: add(id, agent_id, kind, source, name, size, at)
-- A file that is to come.
INSERT INTO import_job (id, agent_id, kind, source, name, parts, size, state, created_at)
VALUES ($1, $2, $3, $4, $5, '{}', $6, 'uploading', $7);

-- name: job(id)
-- One import with its progress.
SELECT id, agent_id, kind, source, name, parts, size, state, dry, plan, done_bytes, done_rows, counts, fault, runs,
  created_at, started_at, ended_at
FROM import_job WHERE id = $1;

-- name: lock(id)
-- The same, locked.
SELECT id, agent_id, kind, source, name, parts, size, state, dry, plan, done_bytes, done_rows, counts, fault, runs,
  created_at, started_at, ended_at
FROM import_job WHERE id = $1 FOR UPDATE;

-- name: latest(count)
-- The latest imports of the house.
SELECT id, agent_id, kind, source, name, parts, size, state, dry, plan, done_bytes, done_rows, counts, fault, runs,
  created_at, started_at, ended_at
FROM import_job ORDER BY created_at DESC LIMIT $1;

-- name: set_part(id, place, hash)
-- A part of the file lies among the blobs.
UPDATE import_job SET parts[$2::int] = $3 WHERE id = $1;

-- name: begin(id, plan, dry, at)
-- It is read by this plan now, from its beginning.
UPDATE import_job SET state = 'running', plan = $2, dry = $3, started_at = $4, ended_at = NULL, done_bytes = 0,
  done_rows = 0, counts = '{}', fault = NULL, runs = runs + 1
WHERE id = $1;

-- name: forget_faults(id)
-- Those of the run before.
DELETE FROM import_fault WHERE job_id = $1;

-- name: go_on(id, bytes, rows, counts)
-- How far it is. It lies in one transaction with what it counts, so nobody need wait for the disk.
UPDATE import_job SET done_bytes = $2, done_rows = $3, counts = $4 WHERE id = $1
RETURNING set_config('synchronous_commit', 'off', true);

-- name: end(id, state, fault, at)
-- It is over.
UPDATE import_job SET state = $2, fault = $3, ended_at = $4 WHERE id = $1 AND state IN ('running', 'uploading');

-- name: add_faults(id, rows, problems, sealed)
-- Rows that were refused.
INSERT INTO import_fault (job_id, row, problems, sealed)
SELECT $1::uuid, x.* FROM unnest($2::bigint[], $3::jsonb[], $4::bytea[]) x ON CONFLICT DO NOTHING;

-- name: faults(id, after, count)
-- The next rows that were refused, in their order.
SELECT row, problems, sealed FROM import_fault WHERE job_id = $1 AND row > $2 ORDER BY row LIMIT $3;

-- name: old(before, count)
-- Imports of long ago, locked.
SELECT id, agent_id, kind, source, name, parts, size, state, dry, plan, done_bytes, done_rows, counts, fault, runs,
  created_at, started_at, ended_at
FROM import_job WHERE created_at < $1 AND state <> 'running' ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED;

-- name: forget(ids)
-- These, with their refused rows.
DELETE FROM import_job WHERE id = ANY ($1);
