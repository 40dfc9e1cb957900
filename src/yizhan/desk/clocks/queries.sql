-- name: silent(ids)
-- Those of these live conversations in which we spoke last.
SELECT id, version, last_outbound_at FROM conversation
WHERE id = ANY ($1) AND live AND phase = 'served' AND waiting_since IS NULL AND last_outbound_at IS NOT NULL;

-- name: queued(ids)
-- Those of these live conversations that wait for somebody.
SELECT id, version, coalesce(queued_at, seniority) AS queued_at FROM conversation
WHERE id = ANY ($1) AND live AND phase = 'queued';

-- name: pending(ids)
-- Those of these tickets that wait for their customers' consent.
SELECT id, version, channel, type, pending_since FROM ticket
WHERE id = ANY ($1) AND status = 'pending' AND pending_since IS NOT NULL AND merged_into IS NULL;

-- name: closed(ids)
-- Those of these tickets that are closed.
SELECT id FROM ticket WHERE id = ANY ($1) AND status IN ('done', 'cancelled');

-- name: locale(contact_id)
-- The language of a customer, as the customer's own device says it.
SELECT locale FROM contact WHERE id = $1;
