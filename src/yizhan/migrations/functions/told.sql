-- A value of a profile as conditions compare it; what is of another type than asked for is as if it were not there.
CREATE OR REPLACE FUNCTION told_text(fields jsonb, key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT fields->>key $$;

CREATE OR REPLACE FUNCTION told_number(fields jsonb, key text) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE jsonb_typeof(fields->key) WHEN 'number' THEN (fields->key)::float8 END $$;

CREATE OR REPLACE FUNCTION told_flag(fields jsonb, key text) RETURNS bool
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE jsonb_typeof(fields->key) WHEN 'boolean' THEN (fields->key)::bool END $$;

-- Days begin at midnight UTC, as everywhere a day is compared with an instant. No text is such that this fails.
CREATE OR REPLACE FUNCTION told_time(fields jsonb, key text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN fields->>key ~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?$'
    THEN timezone('UTC', make_date(left(fields->>key, 4)::int, substr(fields->>key, 6, 2)::int, 1)
      + make_interval(days => substr(fields->>key, 9, 2)::int - 1)
      + coalesce(nullif(substr(fields->>key, 12, 8), '')::interval, interval '0')) END
$$;
