-- Notices 通知 (owner: desk/notices): what one person is told. The same once more, while it is unread, is counted.
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  topic text NOT NULL,                  -- the reason and its subject: what makes two of them the same
  why text NOT NULL,
  level text NOT NULL CHECK (level IN ('info', 'warning', 'critical')),
  how text NOT NULL,
  ticket_id uuid,
  conversation_id uuid,
  facts jsonb NOT NULL,
  times int NOT NULL,
  raised_at timestamptz NOT NULL,
  read_at timestamptz,
  version int NOT NULL
);
CREATE INDEX notice_of_agent ON notice (agent_id, raised_at, id);
CREATE UNIQUE INDEX notice_unread ON notice (agent_id, topic) WHERE read_at IS NULL;
CREATE INDEX notice_read ON notice (read_at) WHERE read_at IS NOT NULL;

-- Alerts 告警 (owner: desk/alerts): one spell during which a figure was over the threshold of a rule, in one place.
CREATE TABLE alert (
  id uuid PRIMARY KEY,
  rule text NOT NULL,
  rule_version int NOT NULL,
  place text NOT NULL,                  -- house, team:<id>, channel:<name>, inbox:<id>
  team_id uuid,                         -- where it is a team's
  metric text NOT NULL,
  level text NOT NULL CHECK (level IN ('info', 'warning', 'critical')),
  threshold double precision NOT NULL,
  value double precision NOT NULL,      -- when it was last written
  worst double precision NOT NULL,
  since timestamptz NOT NULL,           -- over the threshold since
  fired_at timestamptz,                 -- null: not long enough yet
  calm_since timestamptz,               -- back within bounds since, not long enough yet
  told_at timestamptz,                  -- last told
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  ended_at timestamptz,
  version int NOT NULL
);
CREATE UNIQUE INDEX alert_open ON alert (rule, place) WHERE ended_at IS NULL;
CREATE INDEX alert_fired ON alert (fired_at, id) WHERE fired_at IS NOT NULL;

-- Outlets 通知出口 (owner: desk/outlets): their secrets, sealed, and what was sent through each.
CREATE TABLE outlet_secret (
  outlet text PRIMARY KEY,
  sealed bytea NOT NULL,
  changed_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE TABLE outlet_post (
  id uuid PRIMARY KEY,
  outlet text NOT NULL,
  topic text NOT NULL,
  why text NOT NULL,
  level text NOT NULL,
  ticket_id uuid,
  agents uuid[] NOT NULL,               -- whom it is for
  facts jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  raised_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,          -- later than raised: quiet hours, or another try
  tries int NOT NULL,
  call uuid,                            -- several posts of one call are a digest
  called_at timestamptz,
  error text
);
CREATE UNIQUE INDEX outlet_post_waiting ON outlet_post (outlet, topic) WHERE state = 'waiting';
CREATE INDEX outlet_post_due ON outlet_post (due_at, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX outlet_post_called ON outlet_post (outlet, called_at) WHERE called_at IS NOT NULL;
