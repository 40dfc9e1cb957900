-- 客户分层. What is known of each person, one narrow row, always counted anew from the sources, so that taking a link
-- back restores it exactly; and who is in which segment (owner: desk/segments).
CREATE TABLE person_fact (
  person_id uuid PRIMARY KEY,
  known_since timestamptz NOT NULL,
  level smallint NOT NULL,
  language text,
  identifiers text[] NOT NULL,           -- kinds of identifiers he has
  brands text[] NOT NULL,                -- keys of the business lines he dealt with
  tags text[] NOT NULL,                  -- of the customer
  channel text,                          -- of his latest conversation
  contacted_at timestamptz,
  conversations int NOT NULL,
  tickets int NOT NULL,
  tickets_30d int NOT NULL,
  open_tickets int NOT NULL,
  ticket_tags text[] NOT NULL,
  complaints int NOT NULL,
  complaints_30d int NOT NULL,
  complained_at timestamptz,
  ratings int NOT NULL,
  csat real,
  last_stars smallint,
  rated_at timestamptz,
  orders int NOT NULL,
  orders_30d int NOT NULL,
  open_orders int NOT NULL,
  refunds int NOT NULL,
  spent float8 NOT NULL,                 -- yuan
  spent_365d float8 NOT NULL,
  first_order_at timestamptz,
  last_order_at timestamptz,
  visits int NOT NULL,
  pages int NOT NULL,
  visited_at timestamptz,
  cart bool NOT NULL,                    -- something lies in the cart of the latest visit
  fields jsonb NOT NULL,                 -- of his profile, nothing personal
  fades_at timestamptz,                  -- when one of the counts of so many days shrinks by itself
  changes_at timestamptz                 -- when a count or a segment changes by time alone
);
CREATE INDEX person_fact_changes ON person_fact (changes_at) WHERE changes_at IS NOT NULL;

CREATE TABLE segment_member (
  segment text NOT NULL,                 -- the name of its document
  person_id uuid NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (segment, person_id)
);
CREATE INDEX segment_member_person ON segment_member (person_id);

-- How far the counting is. Who counts holds this row, so that nobody writes over what was counted later.
CREATE TABLE segment_clock (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  release int NOT NULL,                  -- nobody judges by older rules than those of this release
  digest text NOT NULL,                  -- of the segments in it
  walked uuid,                           -- the last person that was looked at; null where all are
  recounting bool NOT NULL,              -- everybody is counted anew, not only judged
  recounted_at timestamptz,              -- when that was done last
  conversation uuid NOT NULL,            -- the last that was counted
  visit uuid NOT NULL
);
INSERT INTO segment_clock (release, digest, walked, recounting, conversation, visit) VALUES
  (0, '', '00000000-0000-0000-0000-000000000000', true, '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000');

UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['customer.export']) ORDER BY 1)
WHERE key IN ('supervisor', 'admin');
