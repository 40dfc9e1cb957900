-- name: enqueue(kinds, payloads, keys, priorities, delays)
-- New jobs, each key once for ever; the rows come in the order of the input, without the skipped ones.
WITH input AS MATERIALIZED (
    SELECT kind, payload, key, priority, delay, ord,
           row_number() OVER (PARTITION BY key ORDER BY ord) AS turn
    FROM unnest($1::text[], $2::bytea[], $3::text[], $4::int[], $5::interval[])
         WITH ORDINALITY AS asked (kind, payload, key, priority, delay, ord)
), fresh AS (
    INSERT INTO job_key (key)
    SELECT key FROM input WHERE key IS NOT NULL AND turn = 1 ORDER BY key
    ON CONFLICT DO NOTHING
    RETURNING key
), queued AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, dedupe_key, execute_after, status)
    SELECT priority, kind, payload, key, clock_timestamp() + delay, 'queued'
    FROM input
    WHERE key IS NULL OR (turn = 1 AND key IN (SELECT key FROM fresh))
    ORDER BY ord
    RETURNING id, entrypoint, priority
), logged AS (
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority)
    SELECT id, 'queued', entrypoint, priority FROM queued
)
SELECT id FROM queued ORDER BY id;

-- name: wake_worker(channel)
-- In the words pgqueuer's own trigger would use, but once a batch.
SELECT pg_notify($1, json_build_object(
    'channel', $1::text, 'operation', 'insert', 'sent_at', clock_timestamp(), 'table', 'pgqueuer',
    'type', 'table_changed_event')::text);

-- name: queued_jobs()
-- How many wait or run.
SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked');

-- name: due_jobs(kinds)
-- Whether a worker would find something: what is due, or in the hands of a worker that may have died.
SELECT EXISTS (
    SELECT FROM pgqueuer
    WHERE status IN ('queued', 'picked') AND execute_after <= clock_timestamp() AND entrypoint = ANY ($1::text[])
);

-- name: held_jobs(count)
-- What failed too often, oldest first, each with its last error.
SELECT held.id, held.entrypoint AS kind, held.payload, held.attempts AS tries, held.updated AS held_at,
       coalesce(last.traceback ->> 'traceback', last.traceback ->> 'exception_message', '') AS error
FROM pgqueuer held
LEFT JOIN LATERAL (
    SELECT traceback FROM pgqueuer_log
    WHERE job_id = held.id AND status = 'failed' ORDER BY created DESC, id DESC LIMIT 1
) last ON true
WHERE held.status = 'failed'
ORDER BY held.id
LIMIT $1;

-- name: retry_held(kind)
-- Back into the queue with a fresh set of tries.
WITH again AS (
    UPDATE pgqueuer
    SET status = 'queued', attempts = 0, execute_after = clock_timestamp(), updated = clock_timestamp(),
        queue_manager_id = NULL
    WHERE status = 'failed' AND ($1::text IS NULL OR entrypoint = $1)
    RETURNING id, entrypoint, priority
)
INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority)
SELECT id, 'queued', entrypoint, priority FROM again
RETURNING job_id;

-- name: prune_log(keep, most)
-- The log of what ended; what is still in the queue keeps its history.
DELETE FROM pgqueuer_log WHERE id IN (
  SELECT l.id FROM pgqueuer_log l
  WHERE l.created < clock_timestamp() - $1::interval AND NOT EXISTS (SELECT FROM pgqueuer q WHERE q.id = l.job_id) LIMIT $2)
RETURNING id;

-- name: prune_statistics(keep, most)
-- Counts by the second, of interest for as long as the log.
DELETE FROM pgqueuer_statistics WHERE id IN (
  SELECT id FROM pgqueuer_statistics WHERE created < clock_timestamp() - $1::interval LIMIT $2) RETURNING id;

-- name: prune_keys(keep, most)
-- A cause this old is not reported again.
DELETE FROM job_key WHERE key IN (
  SELECT key FROM job_key WHERE made_at < clock_timestamp() - $1::interval LIMIT $2) RETURNING key;
