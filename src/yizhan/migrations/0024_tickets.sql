-- Own fields of tickets, tags in use (owner: records/tickets), and changes of many tickets at once (owner: desk/bulk).

ALTER TABLE ticket ADD COLUMN fields jsonb NOT NULL DEFAULT '{}';  -- by the key of a released `ticket_fields`

-- Tags that tickets were given, for pickers; counted when given, never when taken away.
CREATE TABLE ticket_tag (
  tag text PRIMARY KEY,
  given int NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX ticket_tag_last ON ticket_tag (last_at DESC);

-- 批量操作: one note for all, an outcome for each.
CREATE TABLE bulk_job (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  change jsonb NOT NULL,                 -- what is done to each, as the request said
  note text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'ended')),
  total int NOT NULL,
  done int NOT NULL DEFAULT 0,
  failed int NOT NULL DEFAULT 0,
  undoes uuid,                           -- the job that this one takes back
  undone_by uuid,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX bulk_job_agent ON bulk_job (agent_id, id);

CREATE TABLE bulk_item (
  job_id uuid NOT NULL REFERENCES bulk_job,
  ticket_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  code text,                             -- of the refusal
  detail text,
  before jsonb,                          -- what the change replaced, to take it back
  version int,                           -- of the ticket after it
  PRIMARY KEY (job_id, ticket_id)
);
CREATE INDEX bulk_item_waiting ON bulk_item (job_id, ticket_id) WHERE state = 'waiting';
