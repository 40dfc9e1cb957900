-- Guessing of passwords, counted by the blind index of the login name (owner: records/access).
CREATE TABLE login_guard (
  login bytea PRIMARY KEY,
  failures int NOT NULL,
  locked_until timestamptz,
  at timestamptz NOT NULL
);
CREATE INDEX login_guard_at ON login_guard (at);
CREATE INDEX idempotency_at ON idempotency (at);
CREATE INDEX session_expires ON session (expires_at);
CREATE INDEX api_token_agent ON api_token (agent_id, id);
