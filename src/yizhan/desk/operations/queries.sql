-- name: outbound(now)
-- Replies by state; finished ones of the last day only.
SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'sending') AS sending,
  count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'unknown') AS unknown,
  coalesce(extract(epoch FROM $1::timestamptz - min(next_at) FILTER (WHERE state = 'queued')), 0)::float8 AS overdue_s
FROM outbound WHERE state IN ('queued', 'sending') OR finished_at > $1::timestamptz - interval '1 day';

-- name: unplaced()
-- Events committed and not yet sequenced.
SELECT count(*) FROM event_new;

-- name: timers_held()
-- Timers put aside after failing.
SELECT count(*) FROM timer WHERE held;

-- name: database()
-- The server behind all this.
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
  (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS connections;
