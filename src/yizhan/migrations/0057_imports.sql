-- A file of customers or orders on its way in (owner: desk/imports). The file lies in parts among the blobs.
CREATE TABLE import_job (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('profiles', 'orders')),
  source text NOT NULL,
  name text NOT NULL,
  parts text[] NOT NULL,
  size bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('uploading', 'running', 'ended', 'cancelled', 'failed')),
  dry bool NOT NULL DEFAULT true,
  plan jsonb,                            -- how it is read: encoding, delimiter, sheet, which column is what
  done_bytes bigint NOT NULL DEFAULT 0,
  done_rows bigint NOT NULL DEFAULT 0,
  counts jsonb NOT NULL DEFAULT '{}',
  fault text,                            -- why it could not be read at all
  runs int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX import_job_latest ON import_job (created_at DESC);
-- Rows that were refused, for the file of errors; the first of them, at most ten thousand.
CREATE TABLE import_fault (
  job_id uuid NOT NULL REFERENCES import_job ON DELETE CASCADE,
  row bigint NOT NULL,
  problems jsonb NOT NULL,               -- [{column, message}]
  sealed bytea NOT NULL,                 -- the cells as they came, under the master key
  PRIMARY KEY (job_id, row)
);
