-- 核身: who showed during a contact that he is who he says he is (owner: records/verifications).
CREATE TABLE verification (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  ticket_id uuid,
  way text NOT NULL CHECK (way IN ('sms', 'mail', 'link', 'login')),
  kind text NOT NULL,                   -- of the address that was written to
  blind bytea NOT NULL,                 -- its blind index: what was proved is his who has it
  masked text NOT NULL,
  code bytea,                           -- HMAC of the code with this row's id; never the code
  state text NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'proved', 'refused', 'replaced')),
  tries smallint NOT NULL DEFAULT 0,
  error text,
  asked_by uuid,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  proved_at timestamptz,
  good_until timestamptz,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX verification_conversation ON verification (conversation_id, asked_at DESC);
CREATE INDEX verification_contact ON verification (contact_id, asked_at DESC);
CREATE INDEX verification_blind ON verification (blind, asked_at DESC);
