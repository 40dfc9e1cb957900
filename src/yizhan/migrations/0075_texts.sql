-- Text messages outside of conversations: codes, notices (owner: records/texts). Neither words nor numbers are kept.
CREATE TABLE text_message (
  id uuid PRIMARY KEY,                  -- said back by the vendor that says ours back
  inbox_id uuid NOT NULL REFERENCES inbox ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('code', 'notice')),
  subject uuid NOT NULL,                -- a verification, the call of an outlet
  masked text NOT NULL,
  state text NOT NULL CHECK (state IN ('sending', 'sent', 'delivered', 'failed', 'unknown')),
  vendor_id text NOT NULL DEFAULT '',
  error text,
  again bool NOT NULL DEFAULT false,    -- it certainly never left: it may be begun once more
  at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX text_message_subject ON text_message (subject);
CREATE INDEX text_message_vendor ON text_message (inbox_id, vendor_id) WHERE vendor_id <> '';
CREATE INDEX text_message_at ON text_message (at);
