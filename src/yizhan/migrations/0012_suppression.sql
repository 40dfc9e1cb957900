-- Addresses we stopped writing to, and how fast each inbox may send (owner: records/outbox).

CREATE TABLE suppressed_address (
  id uuid PRIMARY KEY,
  blind bytea NOT NULL,                 -- blind index of the address: joins identity.blind
  scope text NOT NULL CHECK (scope IN ('all', 'notices')),
  kind text NOT NULL,
  masked text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('bounced', 'complained', 'unsubscribed')),
  words text NOT NULL,
  message_id uuid,
  at timestamptz NOT NULL,
  UNIQUE (blind, scope)
);

-- What was sent lately counts against the account's rate and quota.
CREATE INDEX outbound_started ON outbound (inbox_id, started_at) WHERE started_at IS NOT NULL;
