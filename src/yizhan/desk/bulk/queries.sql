-- name: add(id, agent_id, change, note, total, undoes, at)
-- A change of many tickets, to be done.
INSERT INTO bulk_job (id, agent_id, change, note, state, total, undoes, created_at) VALUES ($1, $2, $3, $4, 'running', $5, $6, $7);

-- name: add_items(job_id, tickets)
-- What it is done to.
INSERT INTO bulk_item (job_id, ticket_id, state) SELECT $1, t, 'waiting' FROM unnest($2::uuid[]) t;

-- name: job(id)
-- One job with its progress.
SELECT id, agent_id, change, note, state, total, done, failed, undoes, undone_by, created_at, ended_at FROM bulk_job WHERE id = $1;

-- name: lock(id)
-- The same, locked.
SELECT id, agent_id, change, note, state, total, done, failed, undoes, undone_by, created_at, ended_at FROM bulk_job
WHERE id = $1 FOR UPDATE;

-- name: jobs_of(agent_id, count)
-- An agent's latest.
SELECT id, agent_id, change, note, state, total, done, failed, undoes, undone_by, created_at, ended_at FROM bulk_job
WHERE agent_id = $1 ORDER BY id DESC LIMIT $2;

-- name: next_waiting(job_id)
-- The ticket that comes next; two workers never take the same.
SELECT ticket_id FROM bulk_item WHERE job_id = $1 AND state = 'waiting' ORDER BY ticket_id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: waiting(job_id)
-- How many are left.
SELECT count(*) FROM bulk_item WHERE job_id = $1 AND state = 'waiting';

-- name: item(job_id, ticket_id)
-- What became of one ticket.
SELECT i.ticket_id, t.number, i.state, i.code, i.detail, i.before, i.version
FROM bulk_item i JOIN ticket t ON t.id = i.ticket_id WHERE i.job_id = $1 AND i.ticket_id = $2;

-- name: outcomes(job_id, state)
-- What became of the tickets of a job.
SELECT i.ticket_id, t.number, i.state, i.code, i.detail, i.before, i.version
FROM bulk_item i JOIN ticket t ON t.id = i.ticket_id
WHERE i.job_id = $1 AND ($2::text IS NULL OR i.state = $2) ORDER BY t.number;

-- name: settle(job_id, ticket_id, state, code, detail, before, version)
-- One is done, or refused.
UPDATE bulk_item SET state = $3, code = $4, detail = $5, before = $6, version = $7 WHERE job_id = $1 AND ticket_id = $2;

-- name: count(id, done, failed)
-- Its progress.
UPDATE bulk_job SET done = done + $2, failed = failed + $3 WHERE id = $1;

-- name: finish(id, at)
-- Nothing is left.
UPDATE bulk_job SET state = 'ended', ended_at = $2 WHERE id = $1 AND state = 'running' RETURNING agent_id, total, done, failed;

-- name: mark_undone(id, by)
-- Taken back, once.
UPDATE bulk_job SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL RETURNING id;
