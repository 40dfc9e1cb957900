-- name: lock_guard(login, at)
-- The failures counted against a login, made at the first attempt and held until the transaction ends.
INSERT INTO login_guard (login, failures, at) VALUES ($1, 0, $2)
ON CONFLICT (login) DO UPDATE SET at = excluded.at
RETURNING failures, locked_until;

-- name: count_failure(login, failures, locked_until)
-- One more failure, counted before the password is looked at.
UPDATE login_guard SET failures = $2, locked_until = $3 WHERE login = $1;

-- name: forgive(login)
-- A right password wipes the slate.
DELETE FROM login_guard WHERE login = $1;

-- name: forget_attempts(before, most)
-- Guesses nobody repeated.
DELETE FROM login_guard WHERE login IN (SELECT login FROM login_guard WHERE at < $1 LIMIT $2) RETURNING login;

-- name: open_session(id_hash, agent_id, csrf, created_at, expires_at, ip, user_agent)
-- A session is seen when it is opened.
INSERT INTO session (id_hash, agent_id, csrf, created_at, seen_at, expires_at, ip, user_agent)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7);

-- name: session(id_hash)
-- Whose session a presented secret is.
SELECT agent_id, csrf, created_at, seen_at, expires_at FROM session WHERE id_hash = $1;

-- name: see_session(id_hash, seen_at)
-- Pushes the idle time-out on.
UPDATE session SET seen_at = $2 WHERE id_hash = $1 AND seen_at < $2;

-- name: close_session(id_hash)
-- Leaving by the door one came in.
DELETE FROM session WHERE id_hash = $1 RETURNING agent_id;

-- name: close_all_sessions(agent_id)
-- Leaving everywhere.
DELETE FROM session WHERE agent_id = $1;

-- name: has_session(agent_id, now, seen_since)
-- Whether somebody is inside under this name.
SELECT EXISTS (SELECT 1 FROM session WHERE agent_id = $1 AND expires_at > $2 AND seen_at > $3);

-- name: forget_sessions(now, seen_since, most)
-- Sessions that are over.
DELETE FROM session WHERE id_hash IN (SELECT id_hash FROM session WHERE expires_at <= $1 OR seen_at <= $2 LIMIT $3)
RETURNING id_hash;

-- name: add_token(id, token_hash, name, agent_id, scopes, created_at, expires_at)
-- A token is stored by its digest.
INSERT INTO api_token (id, token_hash, name, agent_id, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: token_grant(token_hash, now)
-- What a presented token stands for, when it is still good.
SELECT id, agent_id, scopes FROM api_token
WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2);

-- name: tokens(agent_id)
-- The tokens of an agent, newest first.
SELECT id, name, agent_id, scopes, created_at, expires_at, revoked_at FROM api_token
WHERE agent_id = $1 ORDER BY id DESC;

-- name: revoke_token(id, agent_id, revoked_at)
-- Once revoked, revoked.
UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND agent_id = $2 AND revoked_at IS NULL RETURNING id;

-- name: claim_key(actor, key, fingerprint, at)
-- Waits for a request in flight with the same key; no row when it was answered.
INSERT INTO idempotency (actor, key, fingerprint, status, answer, at) VALUES ($1, $2, $3, 0, '', $4)
ON CONFLICT (actor, key) DO NOTHING RETURNING 1;

-- name: kept_answer(actor, key)
-- What was answered the first time.
SELECT fingerprint, status, answer FROM idempotency WHERE actor = $1 AND key = $2;

-- name: keep_answer(actor, key, status, answer)
-- Kept with the change itself, so there is never one without the other.
UPDATE idempotency SET status = $3, answer = $4 WHERE actor = $1 AND key = $2;

-- name: forget_answers(before, most)
-- A repeat later than this is a new request.
DELETE FROM idempotency WHERE (actor, key) IN (SELECT actor, key FROM idempotency WHERE at < $1 LIMIT $2) RETURNING key;
