-- What may be done with customers has names of its own (owner: records/agents): the three that were there are renamed,
-- and what is new goes to the preset roles of houses that are there already.
UPDATE role SET permissions = array(
  SELECT DISTINCT CASE p WHEN 'contact.read' THEN 'customer.read' WHEN 'contact.write' THEN 'customer.write'
                         WHEN 'contact.reveal' THEN 'customer.reveal' ELSE p END FROM unnest(permissions) p ORDER BY 1)
WHERE permissions && ARRAY['contact.read', 'contact.write', 'contact.reveal'];
UPDATE api_token SET scopes = array(
  SELECT DISTINCT CASE p WHEN 'contact.read' THEN 'customer.read' WHEN 'contact.write' THEN 'customer.write'
                         WHEN 'contact.reveal' THEN 'customer.reveal' ELSE p END FROM unnest(scopes) p ORDER BY 1)
WHERE scopes && ARRAY['contact.read', 'contact.write', 'contact.reveal'];
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['customer.merge']) ORDER BY 1)
WHERE 'customer.write' = ANY (permissions);
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['customer.import', 'connector.write']) ORDER BY 1)
WHERE key IN ('supervisor', 'admin');

-- Who was linked with whom, also where that was taken back (owner: records/contacts).
CREATE INDEX link_pair ON link (a_contact, b_contact);

-- What one source told of one contact, as it says it now (owner: records/profiles).
CREATE TABLE profile_record (
  contact_id uuid NOT NULL,
  source text NOT NULL,
  fields jsonb NOT NULL,                 -- {key: [value, since]}; personal ones are [null, since] here
  sealed bytea,                          -- the personal values {key: value}, under the contact's key
  at timestamptz NOT NULL,               -- of the source's row: an older one is not taken
  PRIMARY KEY (contact_id, source)
);
-- What a source said before, field by field: a row is written when a value is replaced (owner: records/profiles).
CREATE TABLE profile_value (
  id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  source text NOT NULL,
  field text NOT NULL,
  value jsonb,
  sealed bytea,                          -- instead of the value, of a personal field
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  by text NOT NULL                       -- who replaced it
);
CREATE INDEX profile_value_contact ON profile_value (contact_id, field, until DESC);

-- A purchase as a source system tells it (owner: records/orders).
CREATE TABLE customer_order (
  id uuid PRIMARY KEY,
  brand_id uuid,
  source text NOT NULL,
  number text NOT NULL,
  identity_id uuid NOT NULL,             -- the fact hangs here
  contact_id uuid NOT NULL,              -- of that identity, for lists
  status text NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'done', 'cancelled', 'refunding', 'refunded')),
  total_fen bigint NOT NULL CHECK (total_fen >= 0),
  currency text NOT NULL,
  placed_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,       -- of the source's row: an older one is not taken
  document jsonb NOT NULL,               -- lines, tracking
  address_sealed bytea,                  -- under the contact's key
  digest bytea NOT NULL,                 -- HMAC of the whole row: equal content changes nothing
  version int NOT NULL,
  UNIQUE (source, number)
);
CREATE INDEX customer_order_contact ON customer_order (contact_id, placed_at DESC);
CREATE INDEX customer_order_number ON customer_order (number);
