-- How far somebody is with the guide of the first five minutes, on whichever device (owner: records/guides).
CREATE TABLE guide_walk (
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  course text NOT NULL CHECK (course IN ('agent', 'supervisor', 'administrator')),
  round int NOT NULL,                   -- begun again: one more
  began_at timestamptz NOT NULL,
  done text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'left', 'over')),
  PRIMARY KEY (agent_id, course)
);
