-- Hours in which somebody's notices come without a sound (owner: desk/notices).
CREATE TABLE notice_quiet (
  agent_id uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
  start_at text NOT NULL CHECK (start_at ~ '^[0-2][0-9]:[0-5][0-9]$'),
  end_at text NOT NULL CHECK (end_at ~ '^[0-2][0-9]:[0-5][0-9]$'),
  tz text NOT NULL
);
