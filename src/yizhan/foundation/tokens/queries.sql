-- name: token(owner, name)
-- The token as the vendor last gave it.
SELECT token, refresh_at, expires_at, asked_at FROM vendor_token WHERE owner = $1 AND name = $2;

-- name: hold_token(owner, name, until, now)
-- The right to ask the vendor, until then; null when somebody else has it.
INSERT INTO vendor_token (owner, name, held_until) VALUES ($1, $2, $3)
ON CONFLICT (owner, name) DO UPDATE SET held_until = excluded.held_until
WHERE vendor_token.held_until IS NULL OR vendor_token.held_until < $4 RETURNING name;

-- name: keep_token(owner, name, token, refresh_at, expires_at, asked_at)
-- What the vendor gave.
UPDATE vendor_token SET token = $3, refresh_at = $4, expires_at = $5, asked_at = $6, held_until = NULL
WHERE owner = $1 AND name = $2;

-- name: put_token(owner, name, token, expires_at, now)
-- What was given once, for as long as it is good.
INSERT INTO vendor_token (owner, name, token, expires_at, asked_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (owner, name) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at, asked_at = excluded.asked_at;

-- name: drop_old_tokens(owner, like, now, most)
-- Of a family of names those that are over.
DELETE FROM vendor_token WHERE owner = $1 AND name IN (
  SELECT name FROM vendor_token WHERE owner = $1 AND name LIKE $2 AND expires_at < $3 LIMIT $4);

-- name: free_token(owner, name)
-- Asking failed: the next may try.
UPDATE vendor_token SET held_until = NULL WHERE owner = $1 AND name = $2;

-- name: withdraw_token(owner, name, token)
-- The vendor refused this very one.
UPDATE vendor_token SET expires_at = NULL, refresh_at = NULL WHERE owner = $1 AND name = $2 AND token = $3;

-- name: drop_tokens()
-- The vendors give others.
DELETE FROM vendor_token;

-- name: forget_tokens(before, most)
-- What has been over for so long that nobody renews it.
DELETE FROM vendor_token WHERE ctid IN (SELECT ctid FROM vendor_token WHERE expires_at < $1 LIMIT $2) RETURNING 1;
