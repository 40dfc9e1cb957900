-- name: reach(ticket_id)
-- A ticket and the conversation in which its customer is told: the newest of it.
SELECT t.id, t.number, t.subject, t.status, t.merged_into IS NULL AND t.parent_id IS NULL AS ours, v.id AS conversation_id,
       v.inbox_id, t.team_id, t.contact_id, v.channel, coalesce(v.live, false) AS live, v.ended_at, c.locale, m.name AS team,
       t.repeats AS round, t.waiting_since IS NOT NULL AS waits,
       (SELECT max(s.at) FROM message s WHERE s.ticket_id = t.id AND s.direction = 'out' AND s.author LIKE 'agent:%') AS spoke,
       (SELECT max(n.at) FROM note n WHERE n.ticket_id = t.id AND n.to_status = 'pending' AND n.from_status <> 'pending') AS solved
FROM ticket t JOIN contact c ON c.id = t.contact_id LEFT JOIN team m ON m.id = t.team_id
LEFT JOIN LATERAL (SELECT id, inbox_id, channel, live, ended_at FROM conversation
                   WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) v ON true
WHERE t.id = $1;

-- name: was_told(ticket_id, mark)
-- Whether this was said to the customer before, in whichever conversation.
SELECT EXISTS (SELECT FROM message WHERE ticket_id = $1 AND client_id = $2);

-- name: of_tickets(ids)
-- What customers may know of these tickets, newest first.
SELECT t.id, t.number, t.subject, t.status, t.created_at, t.next_follow_up, t.chases,
       (SELECT min(n.at) FROM note n WHERE n.ticket_id = t.id AND n.to_status = 'open') AS accepted,
       (SELECT max(n.at) FROM note n WHERE n.ticket_id = t.id AND n.action = 'assign' AND n.from_status = n.to_status) AS transferred,
       (SELECT max(n.at) FROM note n WHERE n.ticket_id = t.id AND n.to_status = 'pending' AND n.from_status <> 'pending') AS solution,
       CASE WHEN t.status = 'done' THEN t.closed_at END AS done
FROM ticket t WHERE t.id = ANY ($1) ORDER BY t.id DESC;

-- name: of_identities(identities, count)
-- The tickets that conversations of these identities belong to, newest first.
SELECT t.id FROM ticket t WHERE t.merged_into IS NULL AND t.id IN (
  SELECT v.ticket_id FROM conversation v WHERE v.identity_id = ANY ($1) AND v.ticket_id IS NOT NULL)
ORDER BY t.id DESC LIMIT $2;

-- name: numbered(number)
-- The ticket that customers call so; of a merged one that into which it went.
SELECT coalesce(merged_into, id) FROM ticket WHERE number = $1;

-- name: of_number(identities, number)
-- One of them by what people call it.
SELECT t.id FROM ticket t WHERE t.number = $2 AND t.merged_into IS NULL
  AND EXISTS (SELECT FROM conversation v WHERE v.identity_id = ANY ($1) AND v.ticket_id = t.id);
