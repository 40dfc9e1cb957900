-- name: take_lease(name, holder, life)
-- A free or expired lease, with the next term; no row when somebody holds it.
INSERT INTO lease (name, holder, term, until)
VALUES ($1, $2, 1, clock_timestamp() + $3::interval)
ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder, term = lease.term + 1, until = clock_timestamp() + $3::interval
    WHERE lease.until <= clock_timestamp()
RETURNING term;

-- name: cut_frozen(waiting, name)
-- Ends the sessions that keep a lease's row from the one who waits for it, once the lease is over.
SELECT pg_terminate_backend(b.pid) FROM unnest(pg_blocking_pids($1)) b(pid)
WHERE EXISTS (SELECT FROM lease WHERE name = $2 AND until <= clock_timestamp());

-- name: renew_lease(name, holder, term, life)
-- Until is not part of a key, so this never waits for a transaction that checked the lease.
UPDATE lease SET until = clock_timestamp() + $4::interval
WHERE name = $1 AND holder = $2 AND term = $3
RETURNING term;

-- name: release_lease(name, holder, term)
-- Free for the next at once, without changing hands.
UPDATE lease SET until = clock_timestamp()
WHERE name = $1 AND holder = $2 AND term = $3;

-- name: check_lease(name, holder, term)
-- Keeps the lease from changing hands until the transaction ends.
SELECT term FROM lease
WHERE name = $1 AND holder = $2 AND term = $3 AND until > clock_timestamp()
FOR KEY SHARE;

-- name: leases()
-- Who does what exactly one may do at a time, by the database's own clock.
SELECT name, holder, term, greatest(0, extract(epoch FROM until - clock_timestamp()))::float8 AS left_s
FROM lease ORDER BY name;
