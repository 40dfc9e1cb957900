-- name: words_of(messages)
-- What customers said in these messages, where they are nothing but words, and in which ticket's care.
SELECT m.id, m.ticket_id, m.text, t.created_at, t.chased_at FROM message m JOIN ticket t ON t.id = m.ticket_id
WHERE m.id = ANY ($1) AND m.direction = 'in' AND m.kind = 'text' AND m.attachments IS NULL;

-- name: waiting_for_customers(tickets)
-- Which of these wait for the customer's words.
SELECT id FROM ticket WHERE id = ANY ($1) AND waiting_reason IN ('customer_info', 'customer_confirm');

-- name: mentions_of(messages)
-- Internal notes that call colleagues by name.
SELECT id, ticket_id, author, payload->'mentions' AS mentions FROM message
WHERE id = ANY ($1) AND direction = 'note' AND ticket_id IS NOT NULL AND jsonb_array_length(payload->'mentions') > 0;

-- name: known_agents(ids)
-- Those of them who work here.
SELECT id FROM agent WHERE id = ANY ($1) AND active;

-- name: watched(tickets)
-- Which of these are watched, and by whom.
SELECT ticket_id, array_agg(agent_id ORDER BY agent_id) AS agents FROM ticket_watcher WHERE ticket_id = ANY ($1) GROUP BY ticket_id;

-- name: owned_by_others(tickets)
-- Who answers for these and does not handle them.
SELECT t.id, t.owner_id FROM ticket t JOIN agent a ON a.id = t.owner_id AND a.active
WHERE t.id = ANY ($1) AND t.owner_id IS DISTINCT FROM t.agent_id AND t.parent_id IS NULL;

-- name: scope_of(tickets)
-- Where the notices of these tickets belong, and who leads there.
SELECT t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND m.lead AND a.active ORDER BY m.agent_id) AS leads
FROM ticket t WHERE t.id = ANY ($1);
