-- Replies that wait for a yes because of what they say 送审 (owner: desk/words).
CREATE TABLE held_reply (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  ticket_id uuid,
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  author text NOT NULL,
  agent_id uuid,
  text text NOT NULL,
  attachments jsonb NOT NULL,
  client_id text NOT NULL,
  solves bool NOT NULL,                 -- the ticket is submitted for confirmation when it goes
  found jsonb NOT NULL,                 -- [{word, group, title, hint, start, end}]
  rules text NOT NULL,                  -- the released documents that asked for it
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'withdrawn')),
  reason text,
  decided_by text,
  decided_at timestamptz,
  message_id uuid,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  UNIQUE (conversation_id, author, client_id)
);
CREATE INDEX held_reply_waiting ON held_reply (created_at, id) WHERE state = 'waiting';

-- 黑名单 (owner: records/blocks): who is turned away, for how long, and why. `subject` is the identity's id, or the
-- blind index of a browser or an address, as hex.
CREATE TABLE block (
  id uuid PRIMARY KEY,
  scope text NOT NULL CHECK (scope IN ('identity', 'device', 'ip')),
  subject text NOT NULL,
  identity_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  brand_id uuid,
  team_id uuid,
  conversation_id uuid,
  message_id uuid,
  reason text NOT NULL CHECK (reason IN ('abuse', 'harassment', 'advertising', 'flood')),
  note text NOT NULL,
  until timestamptz,                    -- null: until somebody lifts it
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  reviewed_at timestamptz,
  reviewed_by text,
  ended_at timestamptz,                 -- lifted, or replaced
  ended_by text,
  turned_away int NOT NULL DEFAULT 0,
  last_at timestamptz,                  -- when he last wrote
  told_at timestamptz,                  -- when he was last told
  version int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX block_in_force ON block (scope, subject) WHERE ended_at IS NULL;
CREATE INDEX block_identity ON block (identity_id, made_at);
CREATE INDEX block_listed ON block (made_at DESC, id DESC);

-- Warnings come before the first block (owner: records/blocks).
CREATE TABLE block_warning (
  id uuid PRIMARY KEY,
  identity_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL UNIQUE,
  reason text NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX block_warning_identity ON block_warning (identity_id, at);

-- Why a ticket has its priority (owner: desk/priority): the rules that held when it was judged, or how long it waited.
CREATE TABLE priority_decision (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  at timestamptz NOT NULL,
  why text NOT NULL CHECK (why IN ('rules', 'safety', 'waiting')),
  before smallint NOT NULL,
  after smallint NOT NULL,
  matched jsonb NOT NULL,               -- [{key, title, effect}] in the order they were applied
  source text NOT NULL                  -- the released document
);
CREATE INDEX priority_decision_ticket ON priority_decision (ticket_id, id);
