-- Channels: what an inbox's channel says of it, what customers do besides writing, files that lie at a vendor, and tokens.

-- Kept beside the settings they follow from, so that SQL and every process know them without asking the channel.
ALTER TABLE inbox
  ADD COLUMN live bool NOT NULL DEFAULT false,        -- a person waits at the screen
  ADD COLUMN windows jsonb NOT NULL DEFAULT '[]';     -- [{trigger, seconds, messages}]: when we may write, and how much
UPDATE inbox SET live = true WHERE channel = 'webchat';
UPDATE inbox SET windows = jsonb_build_array(jsonb_build_object(
  'trigger', 'message', 'seconds', coalesce((settings->>'quota_hours')::int, 48) * 3600,
  'messages', (settings->>'quota_messages')::int))
WHERE channel = 'generic' AND coalesce((settings->>'quota_messages')::int, 0) > 0;

-- follow, unfollow, scan, menu, enter … (owner: desk/channels)
CREATE TABLE channel_event (
  id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL REFERENCES inbox,
  identity_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  kind text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL,
  dedupe bytea NOT NULL UNIQUE
);
CREATE INDEX channel_event_contact ON channel_event (contact_id, id);
CREATE INDEX channel_event_identity ON channel_event (identity_id, inbox_id, at);

-- Files of messages that are still at the vendor (owner: desk/channels).
CREATE TABLE media_fetch (
  message_id uuid NOT NULL,
  place int NOT NULL,                   -- which file of the message, from 0
  inbox_id uuid NOT NULL REFERENCES inbox,
  ref bytea NOT NULL,                   -- sealed: what the channel needs to fetch it
  expires_at timestamptz,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fetched', 'gone', 'refused')),
  attempt int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  error text,
  PRIMARY KEY (message_id, place)
);
CREATE INDEX media_fetch_due ON media_fetch (next_at) WHERE state = 'waiting';

-- One living access token for each inbox and name (owner: desk/channels).
CREATE TABLE channel_token (
  inbox_id uuid NOT NULL REFERENCES inbox ON DELETE CASCADE,
  name text NOT NULL,
  token bytea,                          -- sealed
  refresh_at timestamptz,               -- at 80 % of its life
  expires_at timestamptz,
  asked_at timestamptz,                 -- when the vendor was last asked because it had refused one
  held_until timestamptz,               -- one process asks at a time
  PRIMARY KEY (inbox_id, name)
);

-- A report names a message of ours by the vendor's id.
CREATE INDEX outbound_vendor ON outbound (inbox_id, vendor_id) WHERE vendor_id <> '';

-- Reports that overtook the answer to the call they are about (owner: records/outbox).
CREATE TABLE early_report (
  inbox_id uuid NOT NULL,
  vendor_id text NOT NULL,
  state text NOT NULL,
  error_class text NOT NULL,
  words text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (inbox_id, vendor_id, state)
);
CREATE INDEX early_report_at ON early_report (at);
