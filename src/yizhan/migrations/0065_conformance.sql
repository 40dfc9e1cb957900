-- A walk through all customers that counts what is not written as the data standards have it (owner: desk/standards).
CREATE TABLE conformance_run (
  id uuid PRIMARY KEY,
  by text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'ended', 'cancelled')),
  total bigint NOT NULL,                 -- contacts, counted when it began
  done bigint NOT NULL DEFAULT 0,
  after uuid NOT NULL,                   -- the last contact it has looked at
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX conformance_run_once ON conformance_run ((true)) WHERE state = 'running';
CREATE TABLE conformance_count (
  run_id uuid NOT NULL REFERENCES conformance_run ON DELETE CASCADE,
  field text NOT NULL,                   -- name, level, the key of a field, identifier:<kind>
  source text NOT NULL,                  -- empty where no source is known
  problem text NOT NULL,                 -- empty: all values that were looked at
  found bigint NOT NULL,
  examples jsonb NOT NULL,               -- [[contact, masked value]]
  PRIMARY KEY (run_id, field, source, problem)
);
