-- Rosters 排班 (owner: records/rosters), time in each state (owner: records/agents), breaks and calls of the night
-- (owner: desk/roster), what is handed over at the end of a shift (owner: desk/handover).

CREATE TABLE shift (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('day', 'night', 'on_call')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  tz text NOT NULL,               -- in which its hours were said
  version int NOT NULL DEFAULT 1,
  CHECK (ends_at > starts_at)
);
CREATE INDEX shift_agent ON shift (agent_id, ends_at);
CREATE INDEX shift_time ON shift (ends_at, starts_at);

CREATE TABLE leave (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('annual', 'sick', 'personal', 'training', 'other')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  tz text NOT NULL,
  note text NOT NULL,
  CHECK (ends_at > starts_at)
);
CREATE INDEX leave_agent ON leave (agent_id, ends_at);

-- One row for each state that is over; the one that runs is in `presence`.
CREATE TABLE presence_span (
  agent_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  reason text
);
CREATE INDEX presence_span_agent ON presence_span (agent_id, ends_at);

-- 排队小休: who waits for a break of his team, in order; told when it is his turn, which stands for a while.
CREATE TABLE break_wait (
  agent_id uuid PRIMARY KEY,
  team_id uuid NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL,
  offered_at timestamptz
);
CREATE INDEX break_wait_team ON break_wait (team_id, since);

-- Somebody was called because customers wait and nobody is on duty.
CREATE TABLE duty_call (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  called uuid[] NOT NULL,         -- those called so far, the last one last
  called_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by uuid
);
CREATE UNIQUE INDEX duty_call_open ON duty_call (team_id) WHERE answered_at IS NULL;

-- 交接班: what somebody left to others; `seen_at` is when the receiver read his sheet.
CREATE TABLE handover_item (
  id uuid PRIMARY KEY,
  shift_id uuid,
  from_agent uuid NOT NULL,
  to_agent uuid,
  to_team uuid,
  ticket_id uuid,
  conversation_id uuid,
  how text NOT NULL CHECK (how IN ('transfer', 'keep', 'agent', 'team', 'pool')),
  note text NOT NULL,
  at timestamptz NOT NULL,
  seen_at timestamptz,
  CHECK (ticket_id IS NOT NULL OR conversation_id IS NOT NULL)
);
CREATE INDEX handover_item_from ON handover_item (from_agent, at);
CREATE INDEX handover_item_to ON handover_item (to_agent, at) WHERE to_agent IS NOT NULL;
CREATE INDEX handover_item_team ON handover_item (to_team, at) WHERE to_team IS NOT NULL;
