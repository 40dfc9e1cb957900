-- name: inboxes()
-- Every inbox.
SELECT id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at, version
FROM inbox ORDER BY name, id;

-- name: inboxes_of(channel)
-- The inboxes of a channel that are switched on.
SELECT id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at, version
FROM inbox WHERE channel = $1 AND enabled ORDER BY id;

-- name: inbox(id)
-- One inbox.
SELECT id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at, version
FROM inbox WHERE id = $1;

-- name: inbox_by_key(key)
-- The inbox a public address names.
SELECT id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at, version
FROM inbox WHERE key = $1;

-- name: lock_inbox(id)
-- One inbox, held until the transaction ends.
SELECT id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at, version
FROM inbox WHERE id = $1 FOR UPDATE;

-- name: add_inbox(id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at)
-- A new inbox.
INSERT INTO inbox (id, key, channel, name, brand_id, team_id, settings, secret, enabled, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: change_inbox(id, name, team_id, settings, secret, enabled)
-- The inbox as it shall be.
UPDATE inbox SET name = $2, team_id = $3, settings = $4, secret = $5, enabled = $6, version = version + 1
WHERE id = $1 RETURNING version;

-- name: stand(id, live, windows, public)
-- What its channel says of an inbox, where that is news.
UPDATE inbox SET live = $2, windows = $3, public = $4
WHERE id = $1 AND (live, windows, public) IS DISTINCT FROM ($2, $3::jsonb, $4);

-- name: set_to(channel, name, value)
-- The inbox of a channel of which one setting is this.
SELECT id FROM inbox WHERE channel = $1 AND settings->>$2 = $3 AND enabled ORDER BY created_at LIMIT 1;

-- name: cursor(inbox_id, name)
-- Where a fetch of this inbox stopped.
SELECT value FROM inbox_cursor WHERE inbox_id = $1 AND name = $2;

-- name: save_cursor(inbox_id, name, value)
-- Where a fetch of this inbox stopped, saved with what it fetched.
INSERT INTO inbox_cursor (inbox_id, name, value) VALUES ($1, $2, $3)
ON CONFLICT (inbox_id, name) DO UPDATE SET value = excluded.value;

-- name: sealed_secrets()
-- Sealed secrets of all inboxes, for rotation.
SELECT id, secret FROM inbox WHERE secret IS NOT NULL;

-- name: set_secret(id, secret)
-- Secrets sealed anew: under another master key, or with one that its vendor renewed.
UPDATE inbox SET secret = $2 WHERE id = $1;

