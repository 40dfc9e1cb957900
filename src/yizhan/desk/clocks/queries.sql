-- name: silent(ids)
-- Those of these live conversations in which we spoke last.
SELECT id, version, inbox_id, team_id, last_outbound_at FROM conversation
WHERE id = ANY ($1) AND live AND phase = 'served' AND waiting_since IS NULL AND last_outbound_at IS NOT NULL;

-- name: queued(ids)
-- Those of these live conversations that wait for somebody.
SELECT id, version, inbox_id, team_id, coalesce(queued_at, seniority) AS queued_at FROM conversation
WHERE id = ANY ($1) AND live AND phase = 'queued';

-- name: pending(ids)
-- Those of these tickets that wait for their customers' consent.
SELECT t.id, t.version, t.team_id, t.channel, t.type, t.pending_since,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1) AS inbox_id
FROM ticket t
WHERE t.id = ANY ($1) AND t.status = 'pending' AND t.pending_since IS NOT NULL AND t.merged_into IS NULL;

-- name: place(conversation_id)
-- Whose rules count for a conversation.
SELECT inbox_id, team_id FROM conversation WHERE id = $1;

-- name: closed(ids)
-- Those of these tickets that are closed.
SELECT id FROM ticket WHERE id = ANY ($1) AND status IN ('done', 'cancelled');

-- name: locale(contact_id)
-- The language of a customer, as the customer's own device says it.
SELECT locale FROM contact WHERE id = $1;
