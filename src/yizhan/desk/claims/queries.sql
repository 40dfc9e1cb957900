-- name: said(ids)
-- What visitors wrote in chats, of these messages; and whether a message of any channel names its ticket's order.
SELECT m.contact_id, m.ticket_id, CASE WHEN v.live AND m.text ~ '@|[0-9]{6}' THEN m.text ELSE '' END AS text,
       t.id IS NOT NULL AS quotes
FROM message m JOIN conversation v ON v.id = m.conversation_id
LEFT JOIN ticket t ON t.id = m.ticket_id AND t.order_no IS NOT NULL
  AND (t.created_at = m.at OR position(t.order_no IN m.text) > 0)
WHERE m.id = ANY ($1) AND (v.live AND m.text ~ '@|[0-9]{6}' OR t.id IS NOT NULL) ORDER BY m.id;
