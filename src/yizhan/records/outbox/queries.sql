-- name: enqueue(message_id, inbox_id, conversation_id, channel, at)
-- A reply waits to be sent, in the transaction that stored it.
INSERT INTO outbound (message_id, inbox_id, conversation_id, channel, state, next_at) VALUES ($1, $2, $3, $4, 'queued', $5);
