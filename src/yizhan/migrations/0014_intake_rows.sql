-- Intake's rows (owner: desk/intake): fewer and narrower, for the driver's work is counted by the field. Events are told
-- by the rows they speak of. The functions themselves stand in functions/.
DROP FUNCTION intake_write(intake_conversation[], intake_ticket[], intake_touch[], intake_ticket_touch[], intake_row[],
                           intake_note[], intake_event[]);
DROP FUNCTION intake_gather(intake_message[], timestamptz);
DROP FUNCTION intake_pointers(intake_message[], int[]);
DROP FUNCTION intake_claims(intake_message[], int[], timestamptz);
DROP TYPE intake_message, intake_conversation, intake_ticket, intake_row, intake_note, intake_event;

-- One message at the door; `sender` counts from 1 in the senders of the same call.
CREATE TYPE intake_arrival AS (dedupe bytea, keep bool, id uuid, sender int);
-- One address in one inbox. All after `inbox_id` is null where the sender is known: it makes him if he is not.
CREATE TYPE intake_sender AS (
  blind bytea, inbox_id uuid, identity_id uuid, contact_id uuid, kind text, rank text, sealed bytea, masked text,
  scope_inbox uuid, verified bool, at timestamptz, received_at timestamptz, data_key bytea, name text, locale text,
  brand_id uuid, channel text
);
-- What the `n`th message points to.
CREATE TYPE intake_pointer AS (n int, inbox_id uuid, reply_conversation uuid, refs bytea[], ticket_number bigint);
-- The `n`th message, counted from 1, comes from an address its channel vouches for.
CREATE TYPE intake_voucher AS (n int, blind bytea, link_id uuid);

-- `n` orders the events of a batch.
CREATE TYPE intake_conversation AS (
  n int, id uuid, inbox_id uuid, identity_id uuid, contact_id uuid, brand_id uuid, team_id uuid, ticket_id uuid,
  channel text, live bool, phase text, agent_id uuid, at timestamptz, received_at timestamptz, preview text, inbound int,
  waiting bool, joined_ticket_id uuid, origin jsonb, version int, born_ticket uuid, born_team uuid
);
CREATE TYPE intake_ticket AS (
  n int, id uuid, brand_id uuid, contact_id uuid, subject text, channel text, team_id uuid, order_no text,
  linked_to uuid, at timestamptz, received_at timestamptz, preview text, inbound int, waiting bool, version int
);
CREATE TYPE intake_row AS (
  n int, id uuid, conversation_id uuid, ticket_id uuid, contact_id uuid, identity_id uuid, inbox_id uuid, kind text,
  text text, html text, quoted text, payload jsonb, attachments jsonb, external_id text, client_id text, at timestamptz,
  received_at timestamptz, raw text, reference bytea, version int, brand_id uuid, team_id uuid, agent_id uuid,
  effect text, automatic bool
);
CREATE TYPE intake_note AS (
  n int, id uuid, ticket_id uuid, action text, from_status text, to_status text, text text, message_id uuid,
  at timestamptz, received_at timestamptz, contact_id uuid, version int, brand_id uuid, team_id uuid, agent_id uuid
);
