-- name: dialogue(conversation_id)
-- The last lines of a conversation, oldest first.
SELECT direction, text FROM (
  SELECT id, direction, text FROM message
  WHERE conversation_id = $1 AND direction IN ('in', 'out') AND recalled_at IS NULL ORDER BY id DESC LIMIT 40) last
ORDER BY id;

-- name: same_person(ticket_id, contact_id)
-- Whether a ticket is of the person behind a contact.
SELECT EXISTS (
  SELECT FROM ticket t JOIN contact o ON o.id = t.contact_id JOIN contact c ON c.person_id = o.person_id
  WHERE t.id = $1 AND c.id = $2);

-- name: spoken_in(ticket_id)
-- The conversations in which something was said for a ticket.
SELECT DISTINCT conversation_id FROM message WHERE ticket_id = $1;

-- name: is_open(ticket_id)
-- Whether another matter could be part of it.
SELECT status IN ('new', 'open', 'pending') AND merged_into IS NULL FROM ticket WHERE id = $1;

-- name: took_in(ticket_id)
-- Whether others were merged into it.
SELECT EXISTS (SELECT FROM ticket WHERE merged_into = $1);

-- name: ticket_type(ticket_id)
-- The type triage found.
SELECT type FROM ticket WHERE id = $1;
