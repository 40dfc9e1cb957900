-- Devices that ring when an answer waits (owner: desk/push).
CREATE TABLE push_token (
  id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL REFERENCES inbox ON DELETE CASCADE,
  blind bytea NOT NULL,                 -- whose: the visitor or user, known before he has written
  provider text NOT NULL CHECK (provider IN ('apns', 'fcm', 'getui', 'jpush')),
  hash bytea NOT NULL,                  -- the token, blind: a device belongs to one person
  token bytea NOT NULL,                 -- sealed
  locale text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,              -- when the app last said so
  UNIQUE (inbox_id, provider, hash)
);
CREATE INDEX push_token_blind ON push_token (blind, inbox_id);
CREATE INDEX push_token_at ON push_token (at);

-- Up to which answer an absent visitor was rung (owner: desk/push).
CREATE TABLE push_burst (
  conversation_id uuid PRIMARY KEY,
  message_id uuid NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX push_burst_at ON push_burst (at);
