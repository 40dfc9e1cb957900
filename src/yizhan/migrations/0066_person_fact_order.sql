-- The facts of a person anew, what has a fixed width first: a scan then comes to each column without walking over the
-- others, which makes counting a million three times as fast. All of it is counted again (owner: desk/segments).
DROP TABLE person_fact;
CREATE TABLE person_fact (
  person_id uuid PRIMARY KEY,
  known_since timestamptz NOT NULL,
  spent float8 NOT NULL,                 -- yuan
  spent_365d float8 NOT NULL,
  orders int NOT NULL,
  orders_30d int NOT NULL,
  open_orders int NOT NULL,
  refunds int NOT NULL,
  conversations int NOT NULL,
  tickets int NOT NULL,
  tickets_30d int NOT NULL,
  open_tickets int NOT NULL,
  complaints int NOT NULL,
  complaints_30d int NOT NULL,
  ratings int NOT NULL,
  visits int NOT NULL,
  pages int NOT NULL,
  level smallint NOT NULL,
  cart bool NOT NULL,                    -- something lies in the cart of the latest visit
  last_stars smallint,
  csat real,
  last_order_at timestamptz,
  contacted_at timestamptz,
  first_order_at timestamptz,
  visited_at timestamptz,
  complained_at timestamptz,
  rated_at timestamptz,
  fades_at timestamptz,                  -- when one of the counts of so many days shrinks by itself
  changes_at timestamptz,                -- when a count or a segment changes by time alone
  identifiers text[] NOT NULL,           -- kinds of identifiers he has
  tags text[] NOT NULL,                  -- of the customer
  brands text[] NOT NULL,                -- keys of the business lines he dealt with
  ticket_tags text[] NOT NULL,
  fields jsonb NOT NULL,                 -- of his profile, nothing personal
  language text,
  channel text                           -- of his latest conversation
);
CREATE INDEX person_fact_changes ON person_fact (changes_at) WHERE changes_at IS NOT NULL;
UPDATE segment_clock SET walked = '00000000-0000-0000-0000-000000000000', recounting = true;
