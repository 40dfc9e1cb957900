-- name: unready_conversations(ids, served_since)
-- Live conversations that are not ready yet, with who served this customer last.
SELECT v.id, v.ticket_id,
       (SELECT a.agent_id FROM conversation o JOIN assignment a ON a.work_id = o.id AND a.work = 'conversation'
        WHERE o.contact_id = v.contact_id AND o.id <> v.id AND o.created_at > $2
        ORDER BY a.started_at DESC LIMIT 1) AS last_agent
FROM conversation v
WHERE v.id = ANY ($1) AND v.live AND v.phase = 'queued' AND NOT v.ready;

-- name: unready_tickets(ids)
-- Tickets that are not ready yet, with the words of their customers' first messages since the last close.
SELECT t.id AS ticket_id, t.subject, t.type, t.type_sure, t.priority, coalesce(c.level, 0) AS level, t.repeats > 0 AS reopened,
       t.agent_id,
       coalesce((SELECT string_agg(left(m.text, 2000), E'\n') FROM (
         SELECT text FROM message WHERE ticket_id = t.id AND direction = 'in' ORDER BY id DESC LIMIT 10) m), '') AS text
FROM ticket t LEFT JOIN contact c ON c.id = t.contact_id
WHERE t.id = ANY ($1) AND NOT t.ready AND t.status IN ('new', 'open');

-- name: held_skills()
-- Skills that somebody active has: a skill nobody has may not make anybody wait.
SELECT s.id, s.key FROM skill s
WHERE EXISTS (SELECT FROM agent_skill k JOIN agent a ON a.id = k.agent_id WHERE k.skill_id = s.id AND a.active);

-- name: overdue_conversations(before)
-- Live conversations that queue and are not ready, though triage had its time.
SELECT id FROM conversation
WHERE NOT ready AND phase IN ('bot', 'queued') AND phase <> 'bot' AND live AND created_at <= $1
ORDER BY created_at LIMIT 500;

-- name: overdue_tickets(before)
-- Tickets that are not ready, though triage had its time.
SELECT id, type, priority FROM ticket
WHERE NOT ready AND status IN ('new', 'open') AND greatest(created_at, last_message_at) <= $1
ORDER BY created_at LIMIT 500;
