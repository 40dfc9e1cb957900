-- What a contact can be compared by (owner: desk/resolution): blind indexes only, and nothing in clear.
CREATE TABLE resolution_key (
  contact_id uuid NOT NULL,
  field text NOT NULL,
  key bytea NOT NULL,
  mark text NOT NULL CHECK (mark IN ('seen', 'told', 'shared')),  -- told: by the customer himself; shared: of many
  PRIMARY KEY (contact_id, field, key)
);
CREATE INDEX resolution_key_same ON resolution_key (field, key);

-- Two contacts that may be one person (owner: desk/resolution). a_contact is the smaller id.
CREATE TABLE candidate (
  id uuid PRIMARY KEY,
  a_contact uuid NOT NULL,
  b_contact uuid NOT NULL CHECK (a_contact < b_contact),
  state text NOT NULL CHECK (state IN ('open', 'same', 'different', 'linked', 'dropped')),
  bits real NOT NULL,                    -- log2 of the odds that they are one person
  findings jsonb NOT NULL,               -- [{field, level, weight, told}]
  held text NOT NULL DEFAULT '',         -- why it was not linked although it weighs enough
  found_at timestamptz NOT NULL,
  decided_at timestamptz,
  decided_by text,
  link_id uuid,
  note text NOT NULL DEFAULT '',
  UNIQUE (a_contact, b_contact)
);
CREATE INDEX candidate_open ON candidate (bits DESC, id) WHERE state = 'open';
CREATE INDEX candidate_b ON candidate (b_contact);
CREATE INDEX candidate_decided ON candidate (decided_at DESC) WHERE state IN ('same', 'different');

-- Looking through all contacts (owner: desk/resolution).
CREATE TABLE resolution_run (
  id uuid PRIMARY KEY,
  dry bool NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'ended', 'cancelled')),
  total int NOT NULL,
  done int NOT NULL DEFAULT 0,
  pairs int NOT NULL DEFAULT 0,
  links int NOT NULL DEFAULT 0,
  candidates int NOT NULL DEFAULT 0,
  conflicts int NOT NULL DEFAULT 0,
  after uuid NOT NULL,                   -- the last contact that was looked at
  by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE UNIQUE INDEX resolution_run_one ON resolution_run ((true)) WHERE state = 'running';
-- What a dry run would do, the first so many (owner: desk/resolution).
CREATE TABLE resolution_preview (
  run_id uuid NOT NULL,
  a_contact uuid NOT NULL,
  b_contact uuid NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('link', 'review', 'conflict')),
  bits real NOT NULL,
  findings jsonb NOT NULL,
  PRIMARY KEY (run_id, a_contact, b_contact)
);
