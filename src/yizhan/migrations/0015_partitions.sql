-- Partitions (owner: foundation/upkeep): messages and search rows by year, events by fifty million positions, a year or
-- a whole partition ahead. What there is becomes one partition that ends with this year: no row is moved, the tables are
-- only read once. The DEFAULT partitions behind it are empty, and their first row is an alarm.
-- The year is the machine's: an id's own time decides where its row lies, this only where the first border is.

CREATE FUNCTION pg_temp.border() RETURNS uuid LANGUAGE sql AS $$
  SELECT (lpad(to_hex((extract(epoch FROM date_trunc('year', clock_timestamp() AT TIME ZONE 'UTC') + interval '1 year')
    * 1000)::bigint), 12, '0') || '7' || repeat('0', 19))::uuid
$$;

-- Its indexes keep the name of the table they are on.
CREATE FUNCTION pg_temp.rename_with_indexes(was text, becomes text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  each record;
BEGIN
  EXECUTE format('ALTER TABLE %I RENAME TO %I', was, becomes);
  FOR each IN SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              WHERE i.indrelid = becomes::regclass AND c.relname LIKE was || '\_%' LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', each.relname, becomes || substr(each.relname, length(was) + 1));
  END LOOP;
END
$$;

-- messages -----------------------------------------------------------------------------------------------------------

ALTER TABLE message DETACH PARTITION message_default;
SELECT pg_temp.rename_with_indexes('message_default', 'message_first');
CREATE TABLE message_default PARTITION OF message DEFAULT;
WITH astray AS (DELETE FROM message_first WHERE id >= pg_temp.border() RETURNING *)
INSERT INTO message SELECT * FROM astray;

-- search rows --------------------------------------------------------------------------------------------------------

DROP INDEX search_row_at;  -- an id begins with its time
SELECT pg_temp.rename_with_indexes('search_row', 'search_row_first');
CREATE TABLE search_row (LIKE search_row_first INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id, kind))
  PARTITION BY RANGE (id);
CREATE INDEX search_row_words ON search_row USING gin (words) WITH (fastupdate = on);
CREATE TABLE search_row_default PARTITION OF search_row DEFAULT;
WITH astray AS (DELETE FROM search_row_first WHERE id >= pg_temp.border() RETURNING *)
INSERT INTO search_row SELECT * FROM astray;

DO $$
BEGIN
  EXECUTE format('ALTER TABLE message ATTACH PARTITION message_first FOR VALUES FROM (MINVALUE) TO (%L)', pg_temp.border());
  EXECUTE format('ALTER TABLE search_row ATTACH PARTITION search_row_first FOR VALUES FROM (MINVALUE) TO (%L)',
                 pg_temp.border());
END
$$;

-- what is forgotten --------------------------------------------------------------------------------------------------

-- Keys of callbacks are forgotten after 90 days, those of mails and imports never.
CREATE INDEX dedupe_key_passing ON dedupe_key (at) WHERE NOT keep;

-- What each daily task last came to (owner: foundation/upkeep). `rows` is what it counted or took away.
CREATE TABLE upkeep (
  task text PRIMARY KEY,
  ran_at timestamptz NOT NULL,
  seconds float8 NOT NULL,
  rows bigint NOT NULL,
  error text
);
