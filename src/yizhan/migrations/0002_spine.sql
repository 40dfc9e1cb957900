-- The spine: journal, people, inboxes, conversations, tickets, messages and the desk's own tables.
-- Times are timestamptz passed in by the caller; ids are UUIDv7 made by the caller. No DEFAULT now() anywhere.

-- journal (owner: foundation/journal) -------------------------------------------------------------------------------

CREATE TABLE event_new (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  v smallint NOT NULL,
  subject uuid NOT NULL,
  subject_version int NOT NULL,
  brand_id uuid, team_id uuid, agent_id uuid, contact_id uuid, conversation_id uuid, ticket_id uuid,
  actor text NOT NULL,
  on_behalf text,
  request uuid,
  cause bigint,
  depth smallint NOT NULL,
  data jsonb NOT NULL
);

CREATE TABLE event (
  pos bigint NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  v smallint NOT NULL,
  subject uuid NOT NULL,
  subject_version int NOT NULL,
  brand_id uuid, team_id uuid, agent_id uuid, contact_id uuid, conversation_id uuid, ticket_id uuid,
  actor text NOT NULL,
  on_behalf text,
  request uuid,
  cause bigint,
  depth smallint NOT NULL,
  data jsonb NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (pos)
) PARTITION BY RANGE (pos);
CREATE TABLE event_p0 PARTITION OF event FOR VALUES FROM (0) TO (50000000);
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE INDEX event_ticket ON event (ticket_id, pos) WHERE ticket_id IS NOT NULL;
CREATE INDEX event_contact ON event (contact_id, pos) WHERE contact_id IS NOT NULL;

CREATE TABLE journal_head (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  pos bigint NOT NULL,
  epoch int NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO journal_head (pos, epoch, hash) VALUES (0, 1, sha256('yizhan'));

CREATE TABLE reader_position (reader text PRIMARY KEY, pos bigint NOT NULL);
CREATE TABLE reader_hold (
  reader text NOT NULL,
  pos bigint NOT NULL,
  error text NOT NULL,
  tries int NOT NULL,
  held_at timestamptz NOT NULL,
  PRIMARY KEY (reader, pos)
);

-- business lines, roles, people who serve (owner: records/agents) -----------------------------------------------------

CREATE TABLE brand (id uuid PRIMARY KEY, key text NOT NULL UNIQUE, name text NOT NULL);

CREATE TABLE role (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  permissions text[] NOT NULL,
  scope text NOT NULL CHECK (scope IN ('own', 'team', 'brand', 'all'))
);

CREATE TABLE team (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  brand_id uuid REFERENCES brand,
  version int NOT NULL DEFAULT 1
);

CREATE TABLE agent (
  id uuid PRIMARY KEY,
  login text NOT NULL UNIQUE,
  name text NOT NULL,
  email text,
  password_hash text,
  role_id uuid NOT NULL REFERENCES role,
  locale text NOT NULL DEFAULT 'zh-CN',
  live_cap int NOT NULL DEFAULT 5 CHECK (live_cap BETWEEN 0 AND 50),
  async_cap int NOT NULL DEFAULT 30 CHECK (async_cap BETWEEN 0 AND 1000),
  active bool NOT NULL DEFAULT true,
  grants_version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE TABLE team_member (
  team_id uuid NOT NULL REFERENCES team ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  lead bool NOT NULL DEFAULT false,
  PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);
CREATE TABLE skill (id uuid PRIMARY KEY, key text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE agent_skill (
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  skill_id uuid NOT NULL REFERENCES skill ON DELETE CASCADE,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (agent_id, skill_id)
);
CREATE TABLE presence (
  agent_id uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
  state text NOT NULL CHECK (state IN ('online', 'busy', 'break', 'call', 'wrapup', 'offline')),
  reason text,
  since timestamptz NOT NULL,
  lost_at timestamptz,
  version int NOT NULL DEFAULT 1
);
-- The truth of load is the open assignments; this row is the conditional counter changed only by the assign functions.
CREATE TABLE agent_load (
  agent_id uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
  live int NOT NULL DEFAULT 0,
  async int NOT NULL DEFAULT 0
);

CREATE TABLE session (
  id_hash bytea PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  csrf text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ip text, user_agent text
);
CREATE INDEX session_agent ON session (agent_id);
CREATE TABLE api_token (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  name text NOT NULL,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE TABLE idempotency (
  actor text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status int NOT NULL,
  answer bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (actor, key)
);

-- inboxes (owner: records/inboxes) ------------------------------------------------------------------------------------

CREATE TABLE inbox (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE,
  channel text NOT NULL,
  name text NOT NULL,
  brand_id uuid NOT NULL REFERENCES brand,
  team_id uuid REFERENCES team,
  settings jsonb NOT NULL,
  secret bytea,
  enabled bool NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE TABLE inbox_cursor (
  inbox_id uuid NOT NULL REFERENCES inbox ON DELETE CASCADE,
  name text NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (inbox_id, name)
);

-- contacts, identities, links (owner: records/contacts; written by desk/intake too) -----------------------------------

CREATE TABLE contact (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,          -- head of the linked group: the smallest contact id of it
  name text NOT NULL,
  level smallint NOT NULL DEFAULT 0,
  locale text,
  data_key bytea NOT NULL,          -- the contact's own key, wrapped by the master key: erasing it erases the person
  fields jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX contact_person ON contact (person_id);

CREATE TABLE identity (
  id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  kind text NOT NULL,
  rank text NOT NULL CHECK (rank IN ('primary', 'auxiliary')),
  sealed bytea NOT NULL,            -- value under the contact's key
  blind bytea NOT NULL,             -- HMAC of kind, scope and normalised value
  masked text NOT NULL,
  inbox_id uuid,
  verified_at timestamptz,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz
);
CREATE UNIQUE INDEX identity_blind ON identity (blind) WHERE valid_to IS NULL;
CREATE INDEX identity_contact ON identity (contact_id);

CREATE TABLE link (
  id uuid PRIMARY KEY,
  a_contact uuid NOT NULL,
  b_contact uuid NOT NULL CHECK (b_contact <> a_contact),
  strength text NOT NULL CHECK (strength IN ('proved', 'claimed', 'judged')),
  evidence jsonb NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text
);
CREATE INDEX link_a ON link (a_contact) WHERE ended_at IS NULL;
CREATE INDEX link_b ON link (b_contact) WHERE ended_at IS NULL;
-- What a visitor typed about himself and has not proved: becomes a claimed link when that address writes to us.
CREATE TABLE claim (
  contact_id uuid NOT NULL,
  kind text NOT NULL,
  blind bytea NOT NULL,
  sealed bytea NOT NULL,
  masked text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (contact_id, blind)
);
CREATE INDEX claim_blind ON claim (blind);

-- conversations and messages (owner: records/conversations; written by desk/intake too) --------------------------------

CREATE TABLE conversation (
  id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  ticket_id uuid,
  channel text NOT NULL,
  live bool NOT NULL,
  phase text NOT NULL CHECK (phase IN ('bot', 'queued', 'served', 'ended')),
  ready bool NOT NULL DEFAULT false,
  agent_id uuid,
  needs jsonb NOT NULL DEFAULT '{}',    -- required skills and the like, set by triage
  seniority timestamptz NOT NULL,       -- waiting counts from here, kept through transfers
  queued_at timestamptz,
  assigned_at timestamptz,
  first_response_at timestamptz,
  first_wait_at timestamptz,            -- when the customer began to wait for the first human answer
  waiting_since timestamptz,            -- the customer spoke last; null when we did
  last_message_at timestamptz NOT NULL,
  last_inbound_at timestamptz,
  last_outbound_at timestamptz,
  preview text NOT NULL DEFAULT '',
  unread int NOT NULL DEFAULT 0,
  inbound_count int NOT NULL DEFAULT 0,
  outbound_count int NOT NULL DEFAULT 0,
  asleep bool NOT NULL DEFAULT false,   -- weighs nothing until the customer writes again
  queue_position int,                   -- last position told to the customer: never rises
  joined_ticket_id uuid,                -- open ticket this may belong to: the bar 并入 / 分开
  ended_at timestamptz,
  end_reason text,
  summary jsonb,
  rating jsonb,
  origin jsonb NOT NULL DEFAULT '{}',   -- page, referrer, language, subject …
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX conversation_open ON conversation (identity_id, inbox_id) WHERE phase <> 'ended';
CREATE INDEX conversation_agent ON conversation (agent_id) WHERE phase <> 'ended';
CREATE INDEX conversation_waiting ON conversation (seniority) WHERE phase IN ('bot', 'queued');
CREATE INDEX conversation_contact ON conversation (contact_id, id);
CREATE INDEX conversation_identity ON conversation (identity_id, id);
CREATE INDEX conversation_ticket ON conversation (ticket_id);

CREATE TABLE message (
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  ticket_id uuid,
  contact_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out', 'note', 'system')),
  author text NOT NULL,                 -- customer:<id> | agent:<id> | bot | system
  kind text NOT NULL,                   -- text image voice video file location link card sticker event unsupported …
  text text NOT NULL,
  html text,
  quoted text,                          -- the part of a mail below the answer
  payload jsonb,
  attachments jsonb,                    -- [{hash,name,type,size,inline,cid}] in the order of the message
  external_id text,
  client_id text,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  delivery text,                        -- queued sending sent delivered read failed unknown; null for inbound and notes
  delivery_error text,
  recalled_at timestamptz,
  raw text,                             -- hash of the raw blob
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE message_default PARTITION OF message DEFAULT;
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE INDEX message_ticket ON message (ticket_id, id);

CREATE TABLE dedupe_key (key bytea PRIMARY KEY, at timestamptz NOT NULL, keep bool NOT NULL DEFAULT false, message_id uuid NOT NULL);

CREATE TABLE mail_reference (
  inbox_id uuid NOT NULL,
  reference bytea NOT NULL,             -- first 16 bytes of SHA-256 of the Message-ID
  conversation_id uuid NOT NULL,
  ticket_id uuid,
  message_id uuid NOT NULL,
  outbound bool NOT NULL,
  PRIMARY KEY (inbox_id, reference, message_id)
);

CREATE TABLE read_mark (
  conversation_id uuid NOT NULL,
  reader text NOT NULL,                 -- agent:<id> | customer
  message_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, reader)
);

-- tickets (owner: records/tickets; written by desk/intake too) ---------------------------------------------------------

CREATE SEQUENCE ticket_number START 208000;
CREATE TABLE ticket (
  id uuid PRIMARY KEY,
  number bigint NOT NULL UNIQUE DEFAULT nextval('ticket_number'),
  brand_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  subject text NOT NULL,
  type text NOT NULL,                   -- 'consult' 'aftersale' 'refund' 'complaint' 'suggest' 'praise' 'other'
  type_sure bool NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('new', 'open', 'pending', 'done', 'cancelled')),
  priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),   -- 1 低 2 中 3 高 4 紧急
  channel text NOT NULL,                -- where it began
  owner_id uuid,                        -- 责任人: the first human who served it
  agent_id uuid,                        -- 处理人
  team_id uuid,
  ready bool NOT NULL DEFAULT false,
  needs jsonb NOT NULL DEFAULT '{}',
  order_no text,
  tags text[] NOT NULL DEFAULT '{}',
  waiting_since timestamptz,
  last_message_at timestamptz NOT NULL,
  preview text NOT NULL DEFAULT '',
  unread int NOT NULL DEFAULT 0,
  repeats int NOT NULL DEFAULT 0,       -- 重复进线: content after it was closed
  merged_into uuid,
  linked_to uuid,
  pending_since timestamptz,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX ticket_contact ON ticket (contact_id, id);
CREATE INDEX ticket_recent ON ticket (last_message_at DESC, id DESC);
CREATE INDEX ticket_status ON ticket (status, last_message_at DESC, id DESC);
CREATE INDEX ticket_agent ON ticket (agent_id, last_message_at DESC, id DESC);
CREATE INDEX ticket_team ON ticket (team_id, last_message_at DESC, id DESC);
CREATE INDEX ticket_waiting ON ticket (priority DESC, waiting_since) WHERE status = 'new';

-- 处理记录: every move of a ticket leaves one.
CREATE TABLE note (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  conversation_id uuid,
  action text NOT NULL,
  from_status text,
  to_status text,
  text text NOT NULL CHECK (btrim(text) <> ''),
  typed bool NOT NULL,                  -- written by a person's hand
  actor text NOT NULL,
  evidence jsonb,
  at timestamptz NOT NULL
);
CREATE INDEX note_ticket ON note (ticket_id, id);
CREATE TABLE message_move (id uuid PRIMARY KEY, message_id uuid NOT NULL, from_ticket uuid, to_ticket uuid NOT NULL, actor text NOT NULL, at timestamptz NOT NULL);

-- routing (owner: desk/routing) ----------------------------------------------------------------------------------------

CREATE TABLE assignment (
  id uuid PRIMARY KEY,
  work text NOT NULL CHECK (work IN ('conversation', 'ticket')),
  work_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  load text NOT NULL CHECK (load IN ('live', 'async')),
  counted bool NOT NULL,                -- weighs on agent_load just now
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text,
  explanation jsonb NOT NULL
);
CREATE UNIQUE INDEX assignment_open ON assignment (work_id) WHERE ended_at IS NULL;
CREATE INDEX assignment_agent ON assignment (agent_id) WHERE ended_at IS NULL;
CREATE TABLE offer (
  id uuid PRIMARY KEY,
  work text NOT NULL CHECK (work IN ('conversation', 'ticket')),
  work_id uuid NOT NULL,
  from_agent uuid,
  to_agent uuid,
  to_team uuid,
  note text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  decided_at timestamptz,
  reason text
);
CREATE UNIQUE INDEX offer_open ON offer (work_id) WHERE state = 'open';

-- outbound (owner: desk/outbound) --------------------------------------------------------------------------------------

CREATE TABLE outbound (
  message_id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  channel text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
  attempt int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  error_class text,
  error text,
  vendor_id text
);
CREATE INDEX outbound_due ON outbound (inbox_id, next_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbound_lane ON outbound (conversation_id, message_id) WHERE state IN ('queued', 'sending');

-- the visitor's trail (owner: desk/trail) ------------------------------------------------------------------------------

CREATE TABLE visit (
  id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL,
  visitor bytea NOT NULL,               -- blind index of the visitor id: joins identity.blind
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  origin jsonb NOT NULL,                -- ip, language, referrer, user agent, campaign
  pages int NOT NULL DEFAULT 0,
  cart jsonb
);
CREATE INDEX visit_visitor ON visit (visitor, id DESC);
CREATE INDEX visit_seen ON visit (seen_at);
CREATE TABLE trail (
  id uuid PRIMARY KEY,
  visit_id uuid NOT NULL,
  kind text NOT NULL,
  url text,
  title text,
  data jsonb,
  at timestamptz NOT NULL,
  dwell_ms int
);
CREATE INDEX trail_visit ON trail (visit_id, id);
CREATE TABLE invitation (
  id uuid PRIMARY KEY,
  inbox_id uuid NOT NULL,
  visitor bytea NOT NULL,
  rule text NOT NULL,
  text text NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  answer text
);
CREATE INDEX invitation_visitor ON invitation (visitor, at);

-- search (owner: desk/search) ------------------------------------------------------------------------------------------

CREATE TABLE search_row (
  id uuid NOT NULL,                     -- ticket, message or contact id
  kind text NOT NULL CHECK (kind IN ('ticket', 'message', 'contact')),
  ticket_id uuid,
  contact_id uuid,
  at timestamptz NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (id, kind)
);
CREATE INDEX search_row_words ON search_row USING gin (words) WITH (fastupdate = on);
