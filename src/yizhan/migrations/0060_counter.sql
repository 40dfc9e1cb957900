-- 门店: who stands at a counter, what he came for, and appointments there.
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['counter.serve']) ORDER BY 1)
WHERE key IN ('supervisor', 'admin');

-- What a customer shows on his telephone to say who he is (owner: records/counter).
CREATE TABLE member_code (
  code bytea PRIMARY KEY,                -- blind index of the digits; never the digits
  identity_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  signed_in bool NOT NULL,               -- the house's own site vouched for him when it was shown
  shown_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  encounter_id uuid                      -- where it was used; it counts once
);
CREATE INDEX member_code_expires ON member_code (expires_at);

-- A customer before somebody of a shop: what opens his affairs there, for a while (owner: records/counter).
CREATE TABLE encounter (
  id uuid PRIMARY KEY,
  shop text NOT NULL,
  contact_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  how text NOT NULL CHECK (how IN ('member_code', 'card', 'identifier', 'order', 'appointment')),
  verified bool NOT NULL,                -- 核身 by presence
  appointment_id uuid,
  at timestamptz NOT NULL,
  until timestamptz NOT NULL
);
CREATE INDEX encounter_contact ON encounter (contact_id, id DESC);

-- 到店: what somebody came for (owner: records/counter).
CREATE TABLE shop_visit (
  id uuid PRIMARY KEY,
  shop text NOT NULL,
  contact_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  encounter_id uuid NOT NULL UNIQUE,
  appointment_id uuid,
  ticket_id uuid,                        -- opened at the counter
  purpose text NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX shop_visit_contact ON shop_visit (contact_id, id DESC);
CREATE INDEX shop_visit_shop ON shop_visit (shop, id DESC);

-- 预约到店 (owner: records/appointments).
CREATE TABLE appointment (
  id uuid PRIMARY KEY,
  shop text NOT NULL,
  contact_id uuid NOT NULL,
  conversation_id uuid,                  -- from which it was passed on
  ticket_id uuid,
  brand_id uuid NOT NULL,
  team_id uuid,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  starts_at timestamptz NOT NULL,
  purpose text NOT NULL,
  note text NOT NULL,                    -- for the shop; the customer does not read it
  state text NOT NULL CHECK (state IN ('booked', 'arrived', 'missed', 'cancelled')),
  settled_at timestamptz,
  settled_by text,
  reason text,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX appointment_day ON appointment (shop, starts_at);
CREATE INDEX appointment_contact ON appointment (contact_id, starts_at DESC);
CREATE INDEX appointment_conversation ON appointment (conversation_id) WHERE conversation_id IS NOT NULL;

-- How many come at a time (owner: records/appointments).
CREATE TABLE appointment_slot (
  shop text NOT NULL,
  starts_at timestamptz NOT NULL,
  taken int NOT NULL CHECK (taken >= 0),
  PRIMARY KEY (shop, starts_at)
);
