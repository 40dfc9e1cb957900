-- name: dialogue(conversation_id)
-- The last lines of a conversation, oldest first.
SELECT direction, text FROM (
  SELECT id, direction, text FROM message
  WHERE conversation_id = $1 AND direction IN ('in', 'out') AND recalled_at IS NULL ORDER BY id DESC LIMIT 40) last
ORDER BY id;

-- name: ticket_type(ticket_id)
-- The type triage found.
SELECT type FROM ticket WHERE id = $1;
