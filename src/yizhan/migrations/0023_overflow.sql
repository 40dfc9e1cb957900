-- Overflow 溢出 (owner: desk/routing): the teams that others help just now; what ended is in the journal.
CREATE TABLE overflow (
  team_id uuid PRIMARY KEY,
  steps int NOT NULL CHECK (steps > 0),   -- how far its chain is drawn on
  helpers uuid[] NOT NULL,
  length int NOT NULL,                    -- what waited when that was decided, and for how many seconds
  waited int NOT NULL,
  most_priority smallint NOT NULL,        -- what is more urgent stays with its own
  since timestamptz NOT NULL
);
