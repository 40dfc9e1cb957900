-- name: add_run(id, by, at)
-- A walk through all contacts begins; one at a time.
INSERT INTO conformance_run (id, by, state, total, after, created_at)
SELECT $1, $2, 'running', count(*), '00000000-0000-0000-0000-000000000000', $3::timestamptz FROM contact
ON CONFLICT ((true)) WHERE state = 'running' DO NOTHING RETURNING id;

-- name: forget_others(id)
-- Reports before this one.
DELETE FROM conformance_run WHERE id <> $1;

-- name: run(id)
-- One walk with how far it is.
SELECT id, by, state, total, done, after, created_at, ended_at FROM conformance_run WHERE id = $1;

-- name: lock_run(id)
-- The same, locked.
SELECT id, by, state, total, done, after, created_at, ended_at FROM conformance_run WHERE id = $1 FOR UPDATE;

-- name: latest()
-- The last walk.
SELECT id, by, state, total, done, after, created_at, ended_at FROM conformance_run ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: advance(id, after, done)
-- How far it is.
UPDATE conformance_run SET after = $2, done = done + $3 WHERE id = $1;

-- name: end_run(id, state, at)
-- It is over.
UPDATE conformance_run SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'running' RETURNING id;

-- name: count(run_id, fields, sources, problems, found, examples)
-- What a step found, added to what was found before.
INSERT INTO conformance_count (run_id, field, source, problem, found, examples)
SELECT $1::uuid, x.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[]) x
ON CONFLICT (run_id, field, source, problem) DO UPDATE SET found = conformance_count.found + excluded.found,
  examples = CASE WHEN jsonb_array_length(conformance_count.examples) >= 5 THEN conformance_count.examples
                  ELSE conformance_count.examples || excluded.examples END;

-- name: counts(run_id)
-- What a walk has found so far.
SELECT field, source, problem, found, examples FROM conformance_count WHERE run_id = $1 ORDER BY field, source, problem;

-- name: contacts_after(after, count)
-- The next contacts, with their keys.
SELECT id, name, level, data_key FROM contact WHERE id > $1 ORDER BY id LIMIT $2;

-- name: identities(contacts)
-- What these are known by now.
SELECT id, contact_id, kind, sealed FROM identity WHERE contact_id = ANY ($1) AND valid_to IS NULL ORDER BY id;
