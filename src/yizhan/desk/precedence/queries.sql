-- name: add(id, digest, at)
-- A walk begins through all of whom some source has spoken.
INSERT INTO profile_rewrite (id, digest, state, total, after, created_at)
SELECT $1, $2, 'running', count(DISTINCT contact_id), '00000000-0000-0000-0000-000000000000', $3::timestamptz
FROM profile_record;

-- name: give_up_others(id, at)
-- Walks by an order that counts no longer.
UPDATE profile_rewrite SET state = 'replaced', ended_at = $2 WHERE id <> $1 AND state = 'running';

-- name: lock(id)
-- One walk, locked.
SELECT id, digest, state, total, done, changed, after, created_at, ended_at FROM profile_rewrite WHERE id = $1 FOR UPDATE;

-- name: latest()
-- The last walk.
SELECT id, digest, state, total, done, changed, after, created_at, ended_at FROM profile_rewrite
ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: told_of(after, count)
-- The next contacts of whom some source has spoken.
SELECT DISTINCT contact_id AS id FROM profile_record WHERE contact_id > $1 ORDER BY contact_id LIMIT $2;

-- name: advance(id, after, done, changed)
-- How far it is.
UPDATE profile_rewrite SET after = $2, done = done + $3, changed = changed + $4 WHERE id = $1;

-- name: finish(id, at)
-- Everybody was looked at.
UPDATE profile_rewrite SET state = 'ended', ended_at = $2 WHERE id = $1;
