-- Live metrics 实时监控 (owner: desk/metrics): what was counted from the journal up to a position, kept now and then so
-- that a start need not count anew. It can be thrown away at any time: it is a function of the journal.
CREATE TABLE metrics_kept (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  pos bigint NOT NULL,
  epoch int NOT NULL,
  v int NOT NULL,                        -- of the shape of `state`
  state bytea NOT NULL,
  at timestamptz NOT NULL
);

-- What a supervisor did about a number, for a while (owner: desk/supervision): 增派, raised caps, a notice to the queue.
CREATE TABLE measure (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('reinforce', 'caps', 'notice')),
  team_id uuid NOT NULL,
  agent_id uuid,                         -- whom it moved or burdened; null for a notice
  text text,                             -- what a notice says
  cap_before int, cap_after int,
  by_agent uuid NOT NULL,
  began_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_why text,                        -- time, hand, moot
  CHECK ((agent_id IS NULL) = (kind = 'notice') AND (text IS NOT NULL) = (kind = 'notice')),
  CHECK ((cap_after IS NOT NULL) = (kind = 'caps'))
);
CREATE INDEX measure_running ON measure (began_at) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX measure_once ON measure (kind, team_id, agent_id) WHERE ended_at IS NULL AND kind = 'reinforce';
CREATE UNIQUE INDEX measure_cap_once ON measure (agent_id) WHERE ended_at IS NULL AND kind = 'caps';
