-- name: card(contact_id)
-- The person a contact belongs to.
SELECT h.id, h.name, (SELECT max(c.level) FROM contact c WHERE c.person_id = h.id) AS level, h.created_at
FROM contact c JOIN contact h ON h.id = c.person_id WHERE c.id = $1;

-- name: identities(person_id, count)
-- By what he is known, masked.
SELECT i.kind, i.masked, i.verified_at IS NOT NULL AS verified
FROM contact c JOIN identity i ON i.contact_id = c.id
WHERE c.person_id = $1 AND i.valid_to IS NULL AND i.kind NOT IN ('visitor', 'device', 'nickname', 'user')
ORDER BY i.rank DESC, i.verified_at IS NULL, i.id LIMIT $2;

-- name: tickets(person_id, count)
-- What is open, the newest first; each row with how many there are.
SELECT t.id, t.number, t.subject, t.type, t.status, t.created_at, count(*) OVER () AS open
FROM contact c JOIN ticket t ON t.contact_id = c.id
WHERE c.person_id = $1 AND t.merged_into IS NULL AND t.status IN ('new', 'open', 'pending')
ORDER BY t.id DESC LIMIT $2;

-- name: promises(person_id, count)
-- What he was promised and is owed.
SELECT p.text, p.kind, p.due, p.state = 'late' AS late
FROM contact c JOIN promise p ON p.contact_id = c.id
WHERE c.person_id = $1 AND p.settled_at IS NULL ORDER BY p.due, p.id LIMIT $2;

-- name: orders(person_id, count)
-- His last orders; each row with how many there are.
SELECT o.number, o.status, o.placed_at, o.currency, o.total_fen, o.document, count(*) OVER () AS orders
FROM contact c JOIN customer_order o ON o.contact_id = c.id
WHERE c.person_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2;

-- name: visits(person_id, count)
-- When he last came.
SELECT v.id, v.shop, v.at, v.purpose, v.note, a.name AS by, c.name
FROM contact c JOIN shop_visit v ON v.contact_id = c.id JOIN agent a ON a.id = v.agent_id
WHERE c.person_id = $1 ORDER BY v.id DESC LIMIT $2;

-- name: visits_of_shop(shop, from_at, to_at, count)
-- Who came to a shop that day, the last first.
SELECT v.id, v.shop, v.at, v.purpose, v.note, a.name AS by, c.name
FROM shop_visit v JOIN contact c ON c.id = v.contact_id JOIN agent a ON a.id = v.agent_id
WHERE v.shop = $1 AND v.at >= $2 AND v.at < $3 ORDER BY v.id DESC LIMIT $4;

-- name: appointments(ids)
-- Appointments with who comes and who passed them on.
SELECT x.id, x.shop, x.starts_at, x.purpose, x.note, x.state, x.contact_id, c.name,
       (SELECT max(p.level) FROM contact p WHERE p.person_id = c.person_id) AS level, a.name AS by, x.conversation_id,
       x.reason, x.version
FROM each_of($1) wanted JOIN appointment x ON x.id = wanted JOIN contact c ON c.id = x.contact_id
JOIN agent a ON a.id = x.made_by ORDER BY x.starts_at, x.id;

-- name: coming(person_id, since, count)
-- Appointments of a person from a time on.
SELECT x.id FROM contact c JOIN appointment x ON x.contact_id = c.id
WHERE c.person_id = $1 AND x.starts_at >= $2 ORDER BY x.starts_at, x.id LIMIT $3;

-- name: of_person(contact_id, count)
-- The appointments of a whole person, the latest time first.
SELECT x.id FROM contact h JOIN contact c ON c.person_id = h.person_id JOIN appointment x ON x.contact_id = c.id
WHERE h.id = $1 ORDER BY x.starts_at DESC, x.id LIMIT $2;

-- name: due_here(contact_id, shop, from_at, to_at)
-- The appointment for which somebody has come: of his person, at this shop, in this span.
SELECT x.id FROM contact h JOIN contact c ON c.person_id = h.person_id JOIN appointment x ON x.contact_id = c.id
WHERE h.id = $1 AND x.shop = $2 AND x.state IN ('booked', 'missed') AND x.starts_at >= $3 AND x.starts_at < $4
ORDER BY x.state, x.starts_at LIMIT 1;

-- name: identified(blinds)
-- Who holds one of these identifiers now.
SELECT DISTINCT c.person_id AS id FROM identity i JOIN contact c ON c.id = i.contact_id
WHERE i.blind = ANY ($1) AND i.valid_to IS NULL LIMIT 3;

-- name: buyers(number)
-- Whose order has this number.
SELECT DISTINCT c.person_id AS id FROM customer_order o JOIN contact c ON c.id = o.contact_id WHERE o.number = $1 LIMIT 3;

-- name: reach(conversation_id)
-- Where the customer of a conversation is spoken to now: the newest of the same identity in the same inbox.
SELECT n.id, n.channel, n.live, n.contact_id, c.locale, n.phase
FROM conversation v JOIN LATERAL (
  SELECT w.id, w.channel, w.live, w.contact_id, w.phase FROM conversation w
  WHERE w.identity_id = v.identity_id AND w.inbox_id = v.inbox_id ORDER BY w.id DESC LIMIT 1) n ON true
JOIN contact c ON c.id = n.contact_id WHERE v.id = $1;

-- name: place(conversation_id)
-- Whom an appointment from a conversation is for.
SELECT v.contact_id, v.ticket_id, v.brand_id, v.team_id FROM conversation v WHERE v.id = $1;

-- name: keepers(ticket_id, made_by, team_id)
-- Who keeps the customer of an appointment; where none of those who did is here any more, his team.
WITH one AS (
  SELECT a.id FROM (
    SELECT t.owner_id AS id, 1 AS place FROM ticket t WHERE t.id = $1
    UNION ALL SELECT t.agent_id, 2 FROM ticket t WHERE t.id = $1
    UNION ALL SELECT $2::uuid, 3) k
  JOIN agent a ON a.id = k.id AND a.active ORDER BY k.place LIMIT 1)
SELECT id FROM one UNION ALL
SELECT a.id FROM team_member m JOIN agent a ON a.id = m.agent_id AND a.active
WHERE m.team_id = $3 AND NOT EXISTS (SELECT FROM one) ORDER BY id;

-- name: of_visitor(identities, count)
-- What was passed on from conversations of these identities, the latest time first.
SELECT x.id FROM conversation v JOIN appointment x ON x.conversation_id = v.id
WHERE v.identity_id = ANY ($1) ORDER BY x.starts_at DESC, x.id LIMIT $2;
