-- name: said(ids)
-- What visitors wrote in chats, of these messages.
SELECT m.contact_id, m.text FROM message m JOIN conversation v ON v.id = m.conversation_id
WHERE m.id = ANY ($1) AND v.live AND m.text ~ '@|[0-9]{6}' ORDER BY m.id;
