-- name: secret(connector)
-- The sealed secrets of one connector.
SELECT sealed FROM connector_secret WHERE connector = $1;

-- name: secrets()
-- All sealed secrets.
SELECT connector, sealed FROM connector_secret ORDER BY connector;

-- name: put_secret(connector, sealed, now)
-- The secrets of one connector, sealed.
INSERT INTO connector_secret AS s (connector, sealed, changed_at, version) VALUES ($1, $2, $3, 1)
ON CONFLICT (connector) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at, version = s.version + 1
RETURNING version;

-- name: rewrapped(connector, sealed)
-- The same secrets under another master key.
UPDATE connector_secret SET sealed = $2 WHERE connector = $1;

-- name: states(connectors)
-- How they stand.
SELECT connector, failures, cause, detail, failing_since, told, tried_at, succeeded_at, pulled_since, next_at, version
FROM connector_state WHERE connector = ANY ($1);

-- name: ensure_state(connector)
-- A connector that was never asked.
INSERT INTO connector_state (connector) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: lock_state(connector)
-- How it stands, held until the transaction ends.
SELECT connector, failures, cause, detail, failing_since, told, tried_at, succeeded_at, pulled_since, next_at, version
FROM connector_state WHERE connector = $1 FOR UPDATE;

-- name: save_state(connector, failures, cause, detail, failing_since, told, tried_at, succeeded_at, pulled_since, next_at)
-- How it stands now.
UPDATE connector_state SET failures = $2, cause = $3, detail = $4, failing_since = $5, told = $6, tried_at = $7,
       succeeded_at = $8, pulled_since = $9, next_at = $10, version = version + 1
WHERE connector = $1 RETURNING version;

-- name: claim_call(connector, minute, most)
-- One call more in this minute, if there is room.
UPDATE connector_state SET minute = $2, calls = CASE WHEN minute = $2 THEN calls + 1 ELSE 1 END
WHERE connector = $1 AND (minute IS DISTINCT FROM $2 OR calls < $3) RETURNING calls;

-- name: begin_run(id, connector, why, contact, now)
-- A run begins; a second pull beside the first does not.
INSERT INTO connector_run (id, connector, why, contact_id, started_at, moved_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (connector) WHERE ended_at IS NULL AND why <> 'open' DO NOTHING RETURNING id;

-- name: run(id)
-- One run.
SELECT id, connector, why, contact_id, started_at, moved_at, ended_at, place, pages, created, changed, same, refused, cause,
       detail, problems
FROM connector_run WHERE id = $1;

-- name: move_run(id, now, place, pages, created, changed, same, refused, problems)
-- A page is in.
UPDATE connector_run SET moved_at = $2, place = $3, pages = $4, created = $5, changed = $6, same = $7, refused = $8, problems = $9
WHERE id = $1;

-- name: end_run(id, now, cause, detail)
-- It is over.
UPDATE connector_run SET moved_at = $2, ended_at = $2, cause = $3, detail = $4 WHERE id = $1 AND ended_at IS NULL RETURNING id;

-- name: lost_runs(before)
-- Pulls whose worker does not come back.
UPDATE connector_run SET ended_at = moved_at, cause = 'timeout', detail = 'the pull stopped on our side'
WHERE ended_at IS NULL AND why <> 'open' AND moved_at < $1 RETURNING connector;

-- name: runs(connector, count)
-- The latest first.
SELECT id, connector, why, contact_id, started_at, moved_at, ended_at, place, pages, created, changed, same, refused, cause,
       detail, problems
FROM connector_run WHERE connector = $1 ORDER BY started_at DESC, id DESC LIMIT $2;

-- name: looks(contact)
-- When one customer was looked up where.
SELECT connector, tried_at, looked_at FROM connector_look WHERE contact_id = $1;

-- name: claim_look(connector, contact, now, before)
-- Who looks him up now; nobody else does within the moment.
INSERT INTO connector_look AS l (connector, contact_id, tried_at) VALUES ($1, $2, $3)
ON CONFLICT (connector, contact_id) DO UPDATE SET tried_at = excluded.tried_at WHERE l.tried_at <= $4
RETURNING connector;

-- name: looked(connector, contact, now)
-- It answered.
UPDATE connector_look SET looked_at = $3, tried_at = 'epoch' WHERE connector = $1 AND contact_id = $2;

-- name: unclaim(connector, contact)
-- It did not answer: the next one may ask.
UPDATE connector_look SET tried_at = 'epoch' WHERE connector = $1 AND contact_id = $2;

-- name: addresses(contact, kinds)
-- What the person is known by now, over all records of his.
SELECT i.id, i.kind, i.verified_at, i.contact_id = c.id AS own
FROM contact c JOIN contact m ON m.person_id = c.person_id
JOIN identity i ON i.contact_id = m.id AND i.valid_to IS NULL
WHERE c.id = $1 AND i.kind = ANY ($2) ORDER BY i.verified_at DESC NULLS LAST, i.id LIMIT 200;

-- name: records_of(contact)
-- All records of the person.
SELECT m.id FROM contact c JOIN contact m ON m.person_id = c.person_id WHERE c.id = $1;

-- name: forget_runs(before, count)
-- Runs that nobody asks about any more.
DELETE FROM connector_run WHERE id IN (SELECT id FROM connector_run WHERE ended_at < $1 LIMIT $2) RETURNING id;
