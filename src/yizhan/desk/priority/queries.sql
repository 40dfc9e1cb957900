-- name: add_decisions(ids, tickets, at, whys, befores, afters, matched, sources)
-- Why these have the priority they have.
INSERT INTO priority_decision (id, ticket_id, at, why, before, after, matched, source)
SELECT id, ticket, $3, why, before, after, matched->'rules', source
FROM unnest($1::uuid[], $2::uuid[], $4::text[], $5::smallint[], $6::smallint[], $7::jsonb[], $8::text[])
  x(id, ticket, why, before, after, matched, source);

-- name: decisions_of(ticket_id)
-- All decisions about one ticket, oldest first.
SELECT id, ticket_id, at, why, before, after, matched, source FROM priority_decision WHERE ticket_id = $1 ORDER BY id;

-- name: waits(ticket_id)
-- Since when its customer waits, and by which rules it is judged.
SELECT t.waiting_since, t.priority, t.status, t.team_id,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1) AS inbox_id
FROM ticket t WHERE t.id = $1;

-- name: all_waits(tickets)
-- The same of several, but for those that are part of another.
SELECT t.id, t.waiting_since, t.priority, t.status, t.team_id,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1) AS inbox_id
FROM ticket t WHERE t.id = ANY ($1) AND t.merged_into IS NULL;

-- name: open_tickets(everything, brands, teams, count)
-- Tickets in hand, the newest first, within the scope of who looks.
SELECT id FROM ticket
WHERE status IN ('new', 'open') AND merged_into IS NULL AND ready
  AND ($1 OR brand_id = ANY ($2::uuid[]) OR team_id = ANY ($3::uuid[]))
ORDER BY last_message_at DESC, id DESC LIMIT $4;

-- name: waiting_tickets(after, count)
-- What waits for somebody or for an answer, by id.
SELECT id FROM ticket
WHERE id > $1 AND status IN ('new', 'open') AND merged_into IS NULL AND ready
  AND (agent_id IS NULL OR waiting_since IS NOT NULL)
ORDER BY id LIMIT $2;

-- name: standings(tickets)
-- What the last decision made of each, and whether a person changed how urgent it is.
SELECT t.id, d.why, d.after,
       EXISTS (SELECT FROM event e WHERE e.ticket_id = t.id AND e.kind = 'ticket.changed' AND e.actor LIKE 'agent:%'
                 AND e.data->'fields' ? 'priority') AS by_hand
FROM unnest($1::uuid[]) t(id) LEFT JOIN LATERAL (
  SELECT why, after FROM priority_decision WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) d ON true;
