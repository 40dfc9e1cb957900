-- name: lock_person(contact_id)
-- Nobody else pays this person meanwhile: all contacts of him, in their order.
SELECT id FROM contact WHERE person_id = (SELECT person_id FROM contact WHERE id = $1) ORDER BY id FOR NO KEY UPDATE;

-- name: ledger(contact_id)
-- All that was asked for the person behind a contact, the newest first.
SELECT p.* FROM contact c JOIN contact o ON o.person_id = c.person_id JOIN compensation p ON p.contact_id = o.id
WHERE c.id = $1 ORDER BY p.id DESC LIMIT 200;

-- name: add(id, ticket_id, contact_id, kind, fen, order_no, reason, addition, state, asked_by, at, limit_fen, needs, total_fen)
-- One more in the ledger.
INSERT INTO compensation (id, ticket_id, contact_id, kind, fen, order_no, reason, addition, state, asked_by, asked_at, limit_fen,
  needs, total_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING *;

-- name: lock(id)
-- One of the ledger, for a decision.
SELECT * FROM compensation WHERE id = $1 FOR NO KEY UPDATE;

-- name: ticket_of(id)
-- For which ticket it was asked.
SELECT ticket_id FROM compensation WHERE id = $1;

-- name: decide(id, state, by, at, decision)
-- Granted, refused or withdrawn: once.
UPDATE compensation SET state = $2, decided_by = $3, decided_at = $4, decision = $5, version = version + 1
WHERE id = $1 RETURNING *;

-- name: pending(count)
-- What waits for an approval, the oldest first.
SELECT * FROM compensation WHERE state = 'pending' ORDER BY asked_at, id LIMIT $1;
