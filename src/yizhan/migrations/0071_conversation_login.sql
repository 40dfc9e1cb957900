-- Who signed in on the house's own site while he talked with us as nobody yet (owner: records/verifications): the
-- conversation stays that of his browser, and is verified as one begun signed in.
CREATE TABLE conversation_login (
  conversation_id uuid PRIMARY KEY,
  identity_id uuid NOT NULL,            -- of the account
  at timestamptz NOT NULL
);
CREATE INDEX conversation_login_identity ON conversation_login (identity_id);
