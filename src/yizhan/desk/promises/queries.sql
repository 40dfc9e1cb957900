-- name: places(tickets)
-- Where promises about these tickets belong, also when they were merged into others, and who leads there.
SELECT o.id AS asked, t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.contact_id, t.status,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1) AS inbox_id,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND m.lead AND a.active ORDER BY m.agent_id) AS leads
FROM ticket o JOIN ticket t ON t.id = coalesce(o.merged_into, o.id) WHERE o.id = ANY ($1);
