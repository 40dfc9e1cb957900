-- Simulations that somebody asked for, and what came of them (owner: desk/simulation). The newest fifty are kept.
CREATE TABLE simulation (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  asked jsonb NOT NULL,                 -- which day, and which rules instead of those in force
  state text NOT NULL CHECK (state IN ('queued', 'running', 'ended', 'failed', 'cancelled')),
  progress real NOT NULL DEFAULT 0,     -- 0 to 1
  result jsonb,
  error jsonb,                          -- {code, detail, field} of one that failed
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
