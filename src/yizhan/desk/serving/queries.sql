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

-- name: merged_across(contacts)
-- Tickets of the persons of these that are merged into somebody else's.
SELECT t.id FROM contact o JOIN contact c ON c.person_id = o.person_id JOIN ticket t ON t.contact_id = c.id
JOIN ticket w ON w.id = t.merged_into JOIN contact wc ON wc.id = w.contact_id
WHERE o.id = ANY ($1) AND wc.person_id <> c.person_id GROUP BY t.id ORDER BY t.id;

-- name: strays(contacts)
-- What the persons of these said in tickets of somebody else, by ticket and person, with the first words.
SELECT m.ticket_id, c.person_id, v.id AS conversation_id, v.contact_id, array_agg(m.id ORDER BY m.id) AS messages,
       coalesce((array_agg(m.text ORDER BY m.id) FILTER (WHERE m.direction = 'in'))[1], '') AS said
FROM contact c JOIN conversation v ON v.contact_id = c.id JOIN message m ON m.conversation_id = v.id
JOIN ticket t ON t.id = m.ticket_id JOIN contact tc ON tc.id = t.contact_id
WHERE c.person_id IN (SELECT o.person_id FROM contact o WHERE o.id = ANY ($1)) AND tc.person_id <> c.person_id
GROUP BY m.ticket_id, c.person_id, v.id ORDER BY m.ticket_id, c.person_id, v.id;

-- name: reaches(ticket_id)
-- Proved numbers of a ticket's customer, with the inboxes of its brand that belong to vendors.
SELECT i.id AS identity_id, i.contact_id, i.masked, x.id AS inbox_id, x.name AS inbox_name, x.channel
FROM ticket t JOIN contact c ON c.id = t.contact_id JOIN contact o ON o.person_id = c.person_id
JOIN identity i ON i.contact_id = o.id AND i.kind = 'phone' AND i.valid_to IS NULL AND i.verified_at IS NOT NULL
JOIN inbox x ON x.brand_id = t.brand_id AND x.enabled AND x.channel NOT IN ('webchat', 'email')
WHERE t.id = $1 ORDER BY i.verified_at DESC, x.name, x.id LIMIT 20;

-- name: open_ways(ticket_id, now)
-- Addresses of a ticket's customer where something he did lately lets us write, and no spell of service is open.
SELECT DISTINCT i.id AS identity_id, i.contact_id, i.masked, x.id AS inbox_id, x.name AS inbox_name, x.channel
FROM ticket t JOIN contact c ON c.id = t.contact_id JOIN contact o ON o.person_id = c.person_id
JOIN identity i ON i.contact_id = o.id AND i.valid_to IS NULL
CROSS JOIN LATERAL (
  SELECT v.inbox_id, 'message' AS kind, max(v.last_inbound_at) AS at FROM conversation v WHERE v.identity_id = i.id GROUP BY 1
  UNION ALL
  SELECT n.inbox_id, n.kind, max(n.at) FROM channel_event n
  WHERE n.identity_id = i.id AND n.at > $2::timestamptz - interval '31 days' GROUP BY 1, 2
) a
JOIN inbox x ON x.id = a.inbox_id AND x.brand_id = t.brand_id AND x.enabled
JOIN LATERAL jsonb_to_recordset(x.windows) AS w(trigger text, seconds int)
  ON w.trigger = a.kind AND a.at > $2::timestamptz - make_interval(secs => w.seconds)
WHERE t.id = $1
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.identity_id = i.id AND v.inbox_id = x.id AND v.phase <> 'ended')
ORDER BY x.name, x.id, i.id LIMIT 20;

-- name: answered_since(conversation_id, ticket_id, after, actor)
-- The newest answer of a colleague after a message: in the conversation, or in another one of its ticket.
SELECT a.name FROM (
  (SELECT id, author FROM message WHERE conversation_id = $1 AND id > $3 AND direction = 'out'
     AND author LIKE 'agent:%' AND author <> $4 AND recalled_at IS NULL ORDER BY id DESC LIMIT 1)
  UNION ALL
  (SELECT id, author FROM message WHERE ticket_id = $2 AND id > $3 AND direction = 'out'
     AND author LIKE 'agent:%' AND author <> $4 AND recalled_at IS NULL ORDER BY id DESC LIMIT 1)) m
JOIN agent a ON a.id = substr(m.author, 7)::uuid ORDER BY m.id DESC LIMIT 1;
