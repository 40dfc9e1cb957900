-- 承诺 (owner: records/promises): what an agent told a customer by when. It is owed until it is settled, late or not.

CREATE TABLE promise (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  conversation_id uuid,                 -- where it was said
  message_id uuid,                      -- the reply that says it
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,                         -- whose agent gave it
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  text text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reply', 'call', 'act')),
  due timestamptz NOT NULL,
  counts_from timestamptz NOT NULL,     -- a reply before it is part of the same dialogue and keeps nothing
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'late', 'withdrawn')),
  settled_at timestamptz,               -- late and null: it is still owed
  settled_by text,
  reason text,                          -- why it was withdrawn
  version int NOT NULL DEFAULT 1,
  CHECK (state IN ('open', 'late') OR settled_at IS NOT NULL)
);
CREATE INDEX promise_ticket ON promise (ticket_id);
CREATE INDEX promise_contact ON promise (contact_id, made_at DESC);
CREATE INDEX promise_owed ON promise (due, id) WHERE settled_at IS NULL;
CREATE INDEX promise_owed_ticket ON promise (ticket_id) WHERE settled_at IS NULL;
CREATE INDEX promise_made ON promise (made_at, made_by);

-- 会诊 (owner: records/consultations). What is discussed has a table of its own, not a kind of message: everything that
-- reads messages, the visitor's window and the mail above all, cannot even name it.

CREATE TABLE consultation (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  conversation_id uuid,
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  question text NOT NULL,
  war_room bool NOT NULL DEFAULT false, -- 危机: a team's invitation stays open to all of it, a supervisor closes
  asked_by uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  conclusion text,
  closed_by uuid,
  closed_at timestamptz,
  said int NOT NULL DEFAULT 0,          -- how many lines the discussion has
  version int NOT NULL DEFAULT 1,
  CHECK (state = 'open' OR conclusion IS NOT NULL)
);
CREATE INDEX consultation_ticket ON consultation (ticket_id);
CREATE INDEX consultation_open ON consultation (ticket_id) WHERE state = 'open';

-- An invitation of one agent, or of a team as long as `agent_id` is null.
CREATE TABLE consultation_member (
  id uuid PRIMARY KEY,
  consultation_id uuid NOT NULL REFERENCES consultation (id),
  agent_id uuid,
  team_id uuid,
  state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'joined', 'declined', 'left')),
  invited_by uuid NOT NULL,
  invited_at timestamptz NOT NULL,
  answered_at timestamptz,
  CHECK (agent_id IS NOT NULL OR team_id IS NOT NULL)
);
CREATE UNIQUE INDEX consultation_member_agent ON consultation_member (consultation_id, agent_id) WHERE agent_id IS NOT NULL;
CREATE UNIQUE INDEX consultation_member_team ON consultation_member (consultation_id, team_id) WHERE agent_id IS NULL;
CREATE INDEX consultation_member_of ON consultation_member (agent_id) WHERE state IN ('invited', 'joined');
CREATE INDEX consultation_member_of_team ON consultation_member (team_id) WHERE agent_id IS NULL AND state = 'invited';

CREATE TABLE consultation_message (
  id uuid PRIMARY KEY,
  consultation_id uuid NOT NULL REFERENCES consultation (id),
  author uuid NOT NULL,
  text text NOT NULL,
  mentions uuid[] NOT NULL DEFAULT '{}',
  client_id text,
  at timestamptz NOT NULL
);
CREATE INDEX consultation_message_of ON consultation_message (consultation_id, id);
CREATE UNIQUE INDEX consultation_message_once ON consultation_message (consultation_id, author, client_id);

-- Who takes part in a consultation carries it as asynchronous work (owner: desk/routing).
ALTER TABLE assignment DROP CONSTRAINT assignment_work_check,
  ADD CONSTRAINT assignment_work_check CHECK (work IN ('conversation', 'ticket', 'consultation'));
