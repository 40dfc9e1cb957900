-- Partitions (owner: foundation/upkeep).

-- Makes a partition unless there is one of that name, and says how many rows of DEFAULT belonged into it and were moved;
-- null when there was one. It is filled before it is attached, so that readers wait for nothing but the attaching.
CREATE OR REPLACE FUNCTION partition_add(parent regclass, part text, low text, high text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  key text := (SELECT a.attname FROM pg_partitioned_table p
               JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = parent);
  strays text := (SELECT p.partdefid::regclass::text FROM pg_partitioned_table p WHERE p.partrelid = parent);
  moved bigint;
BEGIN
  IF to_regclass(quote_ident(part)) IS NOT NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %s INCLUDING ALL)', part, parent);
  EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', strays);
  PERFORM set_config('yizhan.moving', 'on', true);
  EXECUTE format('WITH gone AS (DELETE FROM %s WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM gone',
                 strays, key, low, key, high, part);
  GET DIAGNOSTICS moved = ROW_COUNT;
  PERFORM set_config('yizhan.moving', 'off', true);
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low, high);
  RETURN moved;
END
$$;

-- The lowest id of a year.
CREATE OR REPLACE FUNCTION year_floor(year int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC')) * 1000)::bigint), 12, '0')
    || '7' || repeat('0', 19))::uuid
$$;

-- Where the first partition ends, in which everything older lies.
CREATE OR REPLACE FUNCTION first_border(parent regclass) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT substring(pg_get_expr(c.relpartbound, c.oid) FROM 'MINVALUE\) TO \(''([0-9a-f-]+)''\)')::uuid
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = parent AND pg_get_expr(c.relpartbound, c.oid) LIKE '%MINVALUE%'
$$;

-- Partitions for all years up to the next, and for the next fifty million events. None is made where the first
-- partition still reaches. Returns those that were made.
CREATE OR REPLACE FUNCTION partitions_ahead(at timestamptz) RETURNS TABLE (part text, moved bigint)
LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
DECLARE
  year int := extract(year FROM at AT TIME ZONE 'UTC');
  size bigint := 50000000;
  head bigint;
  parent regclass;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('partitions_ahead'));
  FOREACH parent IN ARRAY ARRAY['message', 'search_row']::regclass[] LOOP
    FOR each IN 2026 .. year + 1 LOOP
      CONTINUE WHEN first_border(parent) > year_floor(each);
      part := parent || '_' || each;
      moved := partition_add(parent, part, year_floor(each)::text, year_floor(each + 1)::text);
      IF moved IS NOT NULL THEN
        IF parent = 'search_row'::regclass THEN  -- fine enough to know common words
          EXECUTE format('ALTER TABLE %I ALTER COLUMN words SET STATISTICS 1000', part);
        END IF;
        RETURN NEXT;
      END IF;
    END LOOP;
  END LOOP;
  SELECT h.pos INTO head FROM journal_head h;
  FOR each IN head / size .. head / size + 1 LOOP
    part := 'event_p' || each;
    moved := partition_add('event', part, (each * size)::text, ((each + 1) * size)::text);
    IF moved IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;

-- How many rows lie in a DEFAULT partition, of each table; more than a thousand are not counted.
CREATE OR REPLACE FUNCTION rows_astray() RETURNS TABLE (parent text, astray bigint) LANGUAGE sql STABLE AS $$
  SELECT 'message', (SELECT count(*) FROM (SELECT FROM message_default LIMIT 1000) x)
  UNION ALL SELECT 'search_row', (SELECT count(*) FROM (SELECT FROM search_row_default LIMIT 1000) x)
  UNION ALL SELECT 'event', (SELECT count(*) FROM (SELECT FROM event_default LIMIT 1000) x)
$$;
