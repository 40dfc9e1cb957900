-- name: by_number(source, case_no)
-- The case of this number, locked.
SELECT * FROM external_case WHERE source = $1 AND case_no = $2 FOR NO KEY UPDATE;

-- name: lock(id)
-- One case, its row locked for a verb.
SELECT * FROM external_case WHERE id = $1 FOR NO KEY UPDATE;

-- name: case_by_id(id)
-- One case.
SELECT * FROM external_case WHERE id = $1;

-- name: lock_two(a, b)
-- Two cases in the order of ids.
SELECT * FROM external_case WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE;

-- name: add(id, source, case_no, contact_id, received_on, working_days, deadline_on, deadline_at, calendar, demands, actor, at)
-- A case comes in; none where somebody was faster with this number.
INSERT INTO external_case (id, source, case_no, contact_id, received_on, working_days, deadline_on, deadline_at, calendar, state,
  demands, actor, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12) ON CONFLICT (source, case_no) DO NOTHING RETURNING *;

-- name: attach(case_id, ticket_id, at)
-- The case is about this ticket too.
INSERT INTO external_case_ticket (case_id, ticket_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING ticket_id;

-- name: attach_all(from_id, to_id, at)
-- What one case is about, another is too.
INSERT INTO external_case_ticket (case_id, ticket_id, at) SELECT $2, ticket_id, $3 FROM external_case_ticket WHERE case_id = $1
ON CONFLICT DO NOTHING;

-- name: tickets_of(cases)
-- What these cases are about.
SELECT case_id, ticket_id FROM external_case_ticket WHERE case_id = ANY ($1) ORDER BY at, ticket_id;

-- name: of_tickets(tickets)
-- The cases about these tickets, the oldest first.
SELECT DISTINCT c.* FROM external_case_ticket t JOIN external_case c ON c.id = t.case_id WHERE t.ticket_id = ANY ($1)
ORDER BY c.created_at, c.id;

-- name: running(count)
-- Cases that are not closed, the nearest deadline first.
SELECT * FROM external_case WHERE state <> 'closed' AND merged_into IS NULL ORDER BY deadline_at, id LIMIT $1;

-- name: merge(id, into_id)
-- The same matter came twice: this one follows the other.
UPDATE external_case SET merged_into = $2, version = version + 1 WHERE id = $1 RETURNING *;

-- name: nearer(id, working_days, deadline_on, deadline_at, calendar)
-- Of two deadlines the nearer one counts.
UPDATE external_case SET working_days = $2, deadline_on = $3, deadline_at = $4, calendar = $5, version = version + 1
WHERE id = $1 RETURNING *;

-- name: answer(id, at)
-- The approved reply was handed in.
UPDATE external_case SET state = 'answered', answered_at = $2, version = version + 1 WHERE id = $1 RETURNING *;

-- name: close(id, at, result)
-- What the authority or platform decided.
UPDATE external_case SET state = 'closed', closed_at = $2, result = $3, version = version + 1 WHERE id = $1 RETURNING *;

-- name: warn(id, at)
-- Its deadline is near; told once.
UPDATE external_case SET warned_at = $2 WHERE id = $1 AND state = 'open' AND merged_into IS NULL AND warned_at IS NULL RETURNING *;

-- name: breach(id, at)
-- Its deadline is over; told once.
UPDATE external_case SET breached_at = $2 WHERE id = $1 AND state = 'open' AND merged_into IS NULL AND breached_at IS NULL RETURNING *;

-- name: replies(cases)
-- Every version of the replies, the newest first.
SELECT * FROM external_reply WHERE case_id = ANY ($1) ORDER BY number DESC;

-- name: replace_submitted(case_id)
-- A version nobody has decided gives way to a newer one.
UPDATE external_reply SET state = 'replaced' WHERE case_id = $1 AND state = 'submitted';

-- name: add_reply(id, case_id, text, author, at)
-- One more version.
INSERT INTO external_reply (id, case_id, number, text, state, author, at)
VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM external_reply WHERE case_id = $2), $3, 'submitted', $4, $5) RETURNING *;

-- name: case_of_reply(id)
-- Whose version it is: the case is locked first.
SELECT case_id FROM external_reply WHERE id = $1;

-- name: reply(id)
-- One version; its case is locked.
SELECT * FROM external_reply WHERE id = $1;

-- name: decide_reply(id, state, by, at, decision)
-- Approved or refused: once.
UPDATE external_reply SET state = $2, decided_by = $3, decided_at = $4, decision = $5 WHERE id = $1 RETURNING *;

-- name: submitted()
-- Versions that wait for an approval, the oldest first.
SELECT * FROM external_reply WHERE state = 'submitted' ORDER BY at, id LIMIT 200;

-- name: add_hold(id, contact_id, case_id, reason, actor, at)
-- From now on nothing of him is erased.
INSERT INTO legal_hold (id, contact_id, case_id, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *;

-- name: holds(contact_id)
-- The holds on the person behind a contact, the newest first.
SELECT h.* FROM contact c JOIN contact o ON o.person_id = c.person_id JOIN legal_hold h ON h.contact_id = o.id
WHERE c.id = $1 ORDER BY h.id DESC;

-- name: is_held(contact_id)
-- Whether anything of this person may be erased.
SELECT person_is_held($1);

-- name: release_hold(id, at, by, why)
-- It is no longer needed.
UPDATE legal_hold SET released_at = $2, released_by = $3, released_why = $4 WHERE id = $1 AND released_at IS NULL RETURNING *;

-- name: add_package(id, ticket_id, case_id, blob, sha256, size, files, actor, at)
-- Evidence that was put together.
INSERT INTO evidence_package (id, ticket_id, case_id, blob, sha256, size, files, actor, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *;

-- name: packages(tickets)
-- What was put together for these tickets, the newest first.
SELECT * FROM evidence_package WHERE ticket_id = ANY ($1) ORDER BY id DESC LIMIT 20;

-- name: package_by_id(id)
-- One of them.
SELECT * FROM evidence_package WHERE id = $1;
