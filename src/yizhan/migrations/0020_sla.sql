-- Service levels 时效 (owner: desk/sla): what was promised about one ticket, and what became of it.
-- A target keeps the policy and calendar version it began with, so that no later edit moves it. Times are instants;
-- `allowed_s` and `warn_s` are seconds of the target's own clock: open time of its calendar, or every second.

CREATE TABLE sla_target (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  conversation_id uuid,                 -- where the customer waits for an answer
  kind text NOT NULL CHECK (kind IN ('first_response', 'next_response', 'resolution')),
  state text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'cancelled')),
  policy text NOT NULL,
  policy_version int NOT NULL,          -- 0: built in
  release int NOT NULL,
  calendar text,                        -- null: every second counts
  calendar_version int,
  priority smallint NOT NULL,           -- of the ticket, when the target was set
  allowed_s int NOT NULL CHECK (allowed_s > 0),
  warn_s int,                           -- null: no warning
  started_at timestamptz NOT NULL,
  due_at timestamptz,                   -- null while it is paused
  warn_at timestamptz,
  next_at timestamptz,                  -- what its timer waits for: the warning, then the breach, then nothing
  paused_at timestamptz,
  pauses jsonb NOT NULL,                -- [[from, to], …], those that are over
  spent_s int,                          -- used when it was last paused or ended
  warned_at timestamptz,
  breached_at timestamptz,
  met_at timestamptz,
  cancelled_at timestamptz,
  cancelled_why text,
  version int NOT NULL,
  CHECK ((calendar IS NULL) = (calendar_version IS NULL)),
  CHECK ((state = 'paused') = (paused_at IS NOT NULL AND met_at IS NULL AND cancelled_at IS NULL))
);
CREATE INDEX sla_target_ticket ON sla_target (ticket_id, id);
CREATE UNIQUE INDEX sla_target_open ON sla_target (ticket_id, kind) WHERE state IN ('running', 'paused');
CREATE INDEX sla_target_due ON sla_target (due_at, ticket_id) WHERE state = 'running';
CREATE INDEX sla_target_next ON sla_target (next_at) WHERE state = 'running' AND next_at IS NOT NULL;
