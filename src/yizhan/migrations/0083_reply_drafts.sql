-- What somebody wrote and has not sent, so that his other devices have it too (owner: records/drafts). The words are
-- sealed by the key of the contact they are for, and cannot be read once it is destroyed.
CREATE TABLE reply_draft (
  agent_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  note boolean NOT NULL,
  sealed bytea NOT NULL,
  version uuid NOT NULL,
  device text NOT NULL CHECK (device IN ('phone', 'tablet', 'computer')),
  at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, conversation_id)
);
CREATE INDEX reply_draft_at ON reply_draft (at);
