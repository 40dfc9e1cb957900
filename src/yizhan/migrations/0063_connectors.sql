-- Connectors 数据连接 (owner: desk/connectors): their secrets, sealed, how each stands, what it did, whom it looked up.
CREATE TABLE connector_secret (
  connector text PRIMARY KEY,
  sealed bytea NOT NULL,
  changed_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE TABLE connector_state (
  connector text PRIMARY KEY,
  failures int NOT NULL DEFAULT 0,       -- in a row; 0 when it answers
  cause text,
  detail text NOT NULL DEFAULT '',
  failing_since timestamptz,
  told boolean NOT NULL DEFAULT false,   -- of this outage
  tried_at timestamptz,
  succeeded_at timestamptz,
  pulled_since timestamptz,              -- when the last whole pull began: the next one asks for what changed since
  next_at timestamptz,
  minute timestamptz,                    -- calls of this minute
  calls int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 0
);
CREATE TABLE connector_run (
  id uuid PRIMARY KEY,
  connector text NOT NULL,
  why text NOT NULL CHECK (why IN ('schedule', 'hand', 'open')),
  contact_id uuid,                       -- who was looked up
  started_at timestamptz NOT NULL,
  moved_at timestamptz NOT NULL,
  ended_at timestamptz,
  place text,                            -- the cursor or page that comes next
  pages int NOT NULL DEFAULT 0,
  created int NOT NULL DEFAULT 0,
  changed int NOT NULL DEFAULT 0,
  same int NOT NULL DEFAULT 0,
  refused int NOT NULL DEFAULT 0,
  cause text,
  detail text NOT NULL DEFAULT '',
  problems jsonb NOT NULL DEFAULT '[]'   -- the first of the refused rows: row, field, message
);
CREATE INDEX connector_run_started ON connector_run (connector, started_at DESC, id DESC);
CREATE UNIQUE INDEX connector_run_open ON connector_run (connector) WHERE ended_at IS NULL AND why <> 'open';
CREATE TABLE connector_look (
  connector text NOT NULL,
  contact_id uuid NOT NULL,
  tried_at timestamptz NOT NULL,
  looked_at timestamptz,                 -- when it last answered
  PRIMARY KEY (connector, contact_id)
);
