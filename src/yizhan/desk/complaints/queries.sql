-- name: concerned(ticket_ids)
-- Those that complain, tell of danger or have a complaint already.
SELECT t.id FROM ticket t WHERE t.id = ANY ($1)
  AND (split_part(t.type, '.', 1) = 'complaint' OR (t.needs->>'safety')::bool
       OR EXISTS (SELECT FROM complaint c WHERE c.ticket_id = t.id));

-- name: scope_of(ticket_id)
-- Where the notices of a ticket belong, and whether its safety is at stake.
SELECT t.id, t.version, t.number, t.brand_id, t.team_id, t.agent_id, t.contact_id, coalesce((t.needs->>'safety')::bool, false) AS safety
FROM ticket t WHERE t.id = $1;

-- name: role_of(agent_id)
-- The role of somebody who works here.
SELECT r.key FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1 AND a.active;

-- name: leads_of(team_id)
-- Who leads a team: who is there first, then who carries least.
SELECT a.id FROM team_member m JOIN agent a ON a.id = m.agent_id LEFT JOIN presence p ON p.agent_id = a.id
LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE m.team_id = $1 AND m.lead AND a.active
ORDER BY (p.state = 'online' AND p.lost_at IS NULL) DESC NULLS LAST, coalesce(l.async, 0), a.id;

-- name: people_of_role(role)
-- Who has a role: who is there first, then who carries least.
SELECT a.id FROM agent a JOIN role r ON r.id = a.role_id LEFT JOIN presence p ON p.agent_id = a.id
LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE r.key = $1 AND a.active
ORDER BY (p.state = 'online' AND p.lost_at IS NULL) DESC NULLS LAST, coalesce(l.async, 0), a.id LIMIT 50;

-- name: people_of_team(team)
-- Who is in a team, by its key: who is there first, then who carries least.
SELECT a.id FROM team g JOIN team_member m ON m.team_id = g.id JOIN agent a ON a.id = m.agent_id
LEFT JOIN presence p ON p.agent_id = a.id LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE g.key = $1 AND a.active
ORDER BY (p.state = 'online' AND p.lost_at IS NULL) DESC NULLS LAST, coalesce(l.async, 0), a.id LIMIT 50;

-- name: first_contact(tickets, since, floor)
-- When a person of ours first spoke to the customer since then.
SELECT min(m.at) FROM message m
WHERE m.ticket_id = ANY ($1) AND m.direction = 'out' AND m.author LIKE 'agent:%' AND m.at >= $2 AND m.id >= $3;

-- name: is_consent(message_id, tickets, since)
-- Whether this was said by the customer in these tickets since the complaint was opened.
SELECT EXISTS (SELECT FROM message WHERE id = $1 AND ticket_id = ANY ($2) AND direction = 'in' AND at >= $3);

-- name: open_page(scope, agent_id, teams, brands, after_at, after_id, count)
-- Open complaints that a viewer may see, by the clock that ends first.
SELECT p.ticket_id, p.id, n.due_at FROM complaint p JOIN ticket t ON t.id = p.ticket_id
JOIN LATERAL (SELECT k.due_at FROM complaint_clock k WHERE k.complaint_id = p.id AND k.met_at IS NULL ORDER BY k.due_at LIMIT 1) n ON true
WHERE p.state = 'open'
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($5::timestamptz IS NULL OR (n.due_at, p.id) > ($5, $6::uuid))
ORDER BY n.due_at, p.id LIMIT $7;

-- name: names_of(ids)
-- What people are called.
SELECT id, name FROM agent WHERE id = ANY ($1);

-- name: everybody()
-- All names, also of those who left.
SELECT id, name FROM agent;

-- name: messages(tickets)
-- All that was said in these tickets, from the first word.
SELECT m.id, m.conversation_id, m.ticket_id, v.channel, m.direction, m.author, a.name AS agent_name, m.kind, m.text, m.html,
       m.quoted, m.payload, m.attachments, m.at, m.received_at, m.delivery, m.recalled_at, m.raw
FROM message m JOIN conversation v ON v.id = m.conversation_id
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
WHERE m.ticket_id = ANY ($1) ORDER BY m.id;

-- name: notes(tickets)
-- Every processing note of these tickets.
SELECT n.id, n.ticket_id, n.action, n.from_status, n.to_status, n.text, n.typed, n.actor, n.evidence, n.at FROM note n
WHERE n.ticket_id = ANY ($1) ORDER BY n.id;

-- name: journal(tickets, contact_id)
-- The journal of these tickets and of the holds on their customer. `hash` is sha256 of `previous` and the UTF-8 of `content`.
SELECT e.pos, e.at, e.kind, e.actor, e.data, encode(b.hash, 'hex') AS previous,
       convert_from(event_content(e.pos, e.seq, e.at, e.kind, e.v, e.subject, e.subject_version, e.brand_id, e.team_id,
         e.agent_id, e.contact_id, e.conversation_id, e.ticket_id, e.actor, e.on_behalf, e.request, e.cause, e.depth,
         e.data), 'UTF8') AS content, encode(e.hash, 'hex') AS hash
FROM event e LEFT JOIN event b ON b.pos = e.pos - 1
WHERE e.ticket_id = ANY ($1) OR (e.contact_id = $2 AND e.kind IN ('hold.set', 'hold.released')) ORDER BY e.pos;

-- name: conversations(tickets)
-- Every spell of service of these tickets, and how it was rated.
SELECT v.id, v.channel, i.name AS inbox, a.name AS agent, v.created_at, v.queued_at, v.assigned_at, v.first_response_at,
       v.ended_at, v.end_reason, v.summary, r.solved, r.stars, r.tags, r.comment, r.given_at
FROM conversation v JOIN inbox i ON i.id = v.inbox_id LEFT JOIN agent a ON a.id = v.agent_id
LEFT JOIN rating r ON r.conversation_id = v.id
WHERE v.ticket_id = ANY ($1) OR v.id IN (SELECT m.conversation_id FROM message m WHERE m.ticket_id = ANY ($1)) ORDER BY v.id;

-- name: promised(tickets)
-- What our people promised in words.
SELECT p.id, p.made_at, a.name AS made_by, p.kind, p.text, p.due, p.state, p.settled_at, p.reason
FROM promise p LEFT JOIN agent a ON a.id = p.made_by WHERE p.ticket_id = ANY ($1) ORDER BY p.id;

-- name: consulted(tickets)
-- What colleagues were asked, said and concluded, a line for each.
SELECT c.id, c.question, c.asked_at, k.name AS asked_by, c.state, c.conclusion, c.closed_at, m.at, w.name AS author, m.text
FROM consultation c LEFT JOIN agent k ON k.id = c.asked_by LEFT JOIN consultation_message m ON m.consultation_id = c.id
LEFT JOIN agent w ON w.id = m.author WHERE c.ticket_id = ANY ($1) ORDER BY c.id, m.id;

-- name: dossier(tickets)
-- The tickets themselves, and whose they are.
SELECT t.id, t.number, t.subject, t.type, t.status, t.priority, t.channel, t.order_no, t.tags, t.created_at, t.closed_at,
       t.contact_id, c.name AS customer, o.name AS owner, a.name AS handler, m.name AS team, b.name AS brand
FROM ticket t JOIN contact c ON c.id = t.contact_id LEFT JOIN agent o ON o.id = t.owner_id LEFT JOIN agent a ON a.id = t.agent_id
LEFT JOIN team m ON m.id = t.team_id LEFT JOIN brand b ON b.id = t.brand_id WHERE t.id = ANY ($1) ORDER BY t.id;

-- name: identities(contact_id)
-- How the person is known, masked.
SELECT i.kind, i.rank, i.masked, i.verified_at, i.valid_from, i.valid_to FROM contact c JOIN contact o ON o.person_id = c.person_id
JOIN identity i ON i.contact_id = o.id WHERE c.id = $1 ORDER BY i.id;

-- name: promises(tickets)
-- What was promised by when, and what became of it.
SELECT kind, state, started_at, due_at, breached_at, met_at, cancelled_at, policy FROM sla_target WHERE ticket_id = ANY ($1) ORDER BY id;

-- name: titles_bought(contact_id, order_no, since)
-- What is written in the order of this number, and in those of the person since then; the latest first.
SELECT true AS asked, line->>'title' AS title, o.placed_at FROM customer_order o, jsonb_path_query(o.document, '$.lines[*]') line
WHERE o.number = $2
UNION ALL
(SELECT false, line->>'title', o.placed_at FROM contact c JOIN contact p ON p.person_id = c.person_id
 JOIN customer_order o ON o.contact_id = p.id, jsonb_path_query(o.document, '$.lines[*]') line
 WHERE c.id = $1 AND o.placed_at >= $3 ORDER BY o.placed_at DESC LIMIT 200)
ORDER BY placed_at DESC;

-- name: orders_of(contact_id)
-- Orders that the person's tickets and payments name.
SELECT DISTINCT order_no FROM (
  SELECT t.order_no FROM contact c JOIN contact o ON o.person_id = c.person_id JOIN ticket t ON t.contact_id = o.id WHERE c.id = $1
  UNION ALL
  SELECT p.order_no FROM contact c JOIN contact o ON o.person_id = c.person_id JOIN compensation p ON p.contact_id = o.id WHERE c.id = $1
) both_ways WHERE order_no IS NOT NULL ORDER BY order_no;
