-- name: set_timer(due, kind, subject, subject_version, document)
-- One more timer; earlier ones of the same subject stay.
INSERT INTO timer (due, kind, subject, subject_version, data) VALUES ($1, $2, $3, $4, $5) RETURNING id;

-- name: cancel_timers(subject, kind)
-- Those of a subject, of one kind or of all; a held one stays for whoever looks into it.
DELETE FROM timer WHERE subject = $1 AND ($2::text IS NULL OR kind = $2) AND NOT held;

-- name: set_timers(dues, kinds, subjects, subject_versions, documents)
-- Many more timers.
INSERT INTO timer (due, kind, subject, subject_version, data)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::uuid[], $4::bigint[], $5::jsonb[]);

-- name: drop_timers(subjects, kind)
-- Those of many subjects, of one kind or of all, but for one that is being fired just now: it will find its subject
-- changed, while waiting for it could wait for ever.
DELETE FROM timer WHERE id IN (
  SELECT id FROM timer WHERE subject = ANY ($1) AND ($2::text IS NULL OR kind = $2) AND NOT held
  ORDER BY id FOR UPDATE SKIP LOCKED);

-- name: lock_next_due(now)
-- The earliest due timer nobody else is firing; a failed one steps aside until its retry.
SELECT id, due, kind, subject, subject_version, data, tries FROM timer
WHERE due <= $1 AND NOT held AND (retry_at IS NULL OR retry_at <= clock_timestamp())
ORDER BY due, id
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: delete_timer(id)
-- It has fired.
DELETE FROM timer WHERE id = $1;

-- name: note_failure(id, error, most_tries, pause)
-- Counts the try; the last one makes it held, each one before doubles the pause.
UPDATE timer SET
    tries = tries + 1,
    error = $2,
    held = tries + 1 >= $3::int,
    retry_at = clock_timestamp() + $4::interval * (1 << least(tries, 10))
WHERE id = $1
RETURNING held;

-- name: next_due()
-- When to look again: the earliest due time of what waits, and the seconds until the first retry.
SELECT
    (SELECT min(due) FROM timer WHERE NOT held AND retry_at IS NULL) AS due,
    (SELECT extract(epoch FROM min(retry_at) - clock_timestamp())::float8
       FROM timer WHERE NOT held AND retry_at IS NOT NULL) AS retry_in;

-- name: held_timers(count)
-- What failed too often, oldest first.
SELECT id, due, kind, subject, subject_version, data, tries, error FROM timer WHERE held ORDER BY id LIMIT $1;

-- name: retry_held(kind)
-- Gives held timers a fresh set of tries.
UPDATE timer SET held = false, tries = 0, retry_at = NULL WHERE held AND ($1::text IS NULL OR kind = $1) RETURNING id;
