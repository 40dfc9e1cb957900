-- name: lock(id)
-- One complaint, its row locked for a verb; its ticket is locked before.
SELECT * FROM complaint WHERE id = $1 FOR NO KEY UPDATE;

-- name: lock_of_ticket(ticket_id)
-- The complaint of a ticket, locked.
SELECT * FROM complaint WHERE ticket_id = $1 FOR NO KEY UPDATE;

-- name: ticket_of(id)
-- Whose complaint it is: the ticket is locked first.
SELECT ticket_id FROM complaint WHERE id = $1;

-- name: of_tickets(tickets)
-- Complaints of these tickets, the oldest first.
SELECT * FROM complaint WHERE ticket_id = ANY ($1) ORDER BY opened_at, id;

-- name: add(id, ticket_id, brand_id, contact_id, grade, causes, department, product, demands, frozen, rules, at)
-- A complaint begins.
INSERT INTO complaint (id, ticket_id, brand_id, contact_id, grade, causes, state, department, product, demands, frozen, rules, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12)
ON CONFLICT (ticket_id) DO NOTHING RETURNING *;

-- name: change(id, grade, causes, department, product, demands, remedy, frozen)
-- What is known and offered.
UPDATE complaint SET grade = $2, causes = $3, department = $4, product = $5, demands = $6, remedy = $7, frozen = $8,
       version = version + 1 WHERE id = $1 RETURNING *;

-- name: climb(id, step, holder_id)
-- Somebody takes over.
UPDATE complaint SET step = $2, holder_id = $3, version = version + 1 WHERE id = $1 RETURNING *;

-- name: close(id, at, by, why, message)
-- It is over; what is automatic may speak again.
UPDATE complaint SET state = 'closed', closed_at = $2, closed_by = $3, closed_why = $4, closed_message = $5, frozen = false,
       version = version + 1 WHERE id = $1 RETURNING *;

-- name: reopen(id, frozen)
-- It was not over.
UPDATE complaint SET state = 'open', closed_at = NULL, closed_by = NULL, closed_why = NULL, closed_message = NULL, frozen = $2,
       version = version + 1 WHERE id = $1 RETURNING *;

-- name: put_clocks(complaint_id, kinds, dues, warns)
-- Clocks of a complaint; one that was met or broken stays what it was.
INSERT INTO complaint_clock (complaint_id, kind, due_at, warn_at)
SELECT $1, kind, due_at, warn_at FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS g (kind, due_at, warn_at)
ON CONFLICT (complaint_id, kind) DO UPDATE SET due_at = excluded.due_at, warn_at = excluded.warn_at
WHERE complaint_clock.met_at IS NULL AND complaint_clock.breached_at IS NULL;

-- name: clocks(complaints)
-- The clocks of these complaints.
SELECT * FROM complaint_clock WHERE complaint_id = ANY ($1) ORDER BY due_at, kind;

-- name: meet(complaint_id, kind, at)
-- In time or late, it is done. Nothing is done twice.
UPDATE complaint_clock SET met_at = $3 WHERE complaint_id = $1 AND kind = $2 AND met_at IS NULL RETURNING kind;

-- name: warn(complaint_id, kind, at)
-- Its end is near.
UPDATE complaint_clock SET warned_at = $3 WHERE complaint_id = $1 AND kind = $2 AND met_at IS NULL AND warned_at IS NULL RETURNING kind;

-- name: breach(complaint_id, kind, at)
-- Its time is over.
UPDATE complaint_clock SET breached_at = $3 WHERE complaint_id = $1 AND kind = $2 AND met_at IS NULL AND breached_at IS NULL RETURNING kind;

-- name: restart_close(complaint_id, due_at, warn_at)
-- A complaint that goes on is to be closed once more.
UPDATE complaint_clock SET due_at = $2, warn_at = $3, met_at = NULL, warned_at = NULL, breached_at = NULL
WHERE complaint_id = $1 AND kind = 'close';

-- name: add_step(id, complaint_id, step, agent_id, actor, reason, at)
-- Who took over, and why.
INSERT INTO complaint_step (id, complaint_id, step, agent_id, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: steps(complaint_id)
-- The ladder as it was climbed.
SELECT step, agent_id, actor, reason, at FROM complaint_step WHERE complaint_id = $1 ORDER BY id;

-- name: open_of_ticket(ticket_id)
-- Whether the ticket has a complaint that is not over.
SELECT EXISTS (SELECT FROM complaint WHERE ticket_id = $1 AND state = 'open');

-- name: states_of(tickets)
-- Which of these tickets have a complaint, and whether it is open.
SELECT ticket_id, state = 'open' AS open FROM complaint WHERE ticket_id = ANY ($1);

-- name: frozen(contact_id)
-- Whether everything automatic keeps silent towards the person behind this contact.
SELECT EXISTS (SELECT FROM contact c JOIN contact o ON o.person_id = c.person_id
               JOIN complaint p ON p.contact_id = o.id AND p.frozen WHERE c.id = $1);

-- name: same_product(product, since)
-- Open or closed, complaints of a product since then, one for each person, the newest of him.
SELECT DISTINCT ON (c.person_id) p.ticket_id, p.grade FROM complaint p JOIN contact c ON c.id = p.contact_id
WHERE p.product = $1 AND p.opened_at >= $2 ORDER BY c.person_id, p.id DESC;
