-- name: unready_conversations(ids, served_since)
-- Live conversations that are not ready yet, with who served this customer last.
SELECT v.id, v.ticket_id,
       (SELECT a.agent_id FROM conversation o JOIN assignment a ON a.work_id = o.id AND a.work = 'conversation'
        WHERE o.contact_id = v.contact_id AND o.id <> v.id AND o.created_at > $2
        ORDER BY a.started_at DESC LIMIT 1) AS last_agent
FROM conversation v
WHERE v.id = ANY ($1) AND v.live AND v.phase = 'queued' AND NOT v.ready;

-- name: cases(ids)
-- Open tickets as triage finds them; what the assistant has just begun with is nobody's work yet.
SELECT t.id AS ticket_id, t.type, t.type_sure, t.priority, t.needs, t.team_id, t.subject, t.repeats, t.waiting_since,
       t.created_at, t.ready, t.repeats > 0 AS reopened, t.channel = 'manual' AS by_hand,
       (SELECT max(p.level)::int FROM contact c JOIN contact p ON p.person_id = c.person_id
        WHERE c.id = t.contact_id) AS level,
       (SELECT c.locale FROM contact c WHERE c.id = t.contact_id) AS locale, v.inbox_id
FROM ticket t
LEFT JOIN LATERAL (SELECT inbox_id, phase FROM conversation WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) v ON true
WHERE t.id = ANY ($1) AND t.status IN ('new', 'open', 'pending') AND (t.ready OR v.phase IS DISTINCT FROM 'bot');

-- name: later_words(message_ids)
-- What customers added to their tickets, by ticket.
SELECT ticket_id, string_agg(left(text, 4000), E'\n' ORDER BY id) AS words
FROM message WHERE id = ANY ($1) AND direction = 'in' AND ticket_id IS NOT NULL GROUP BY ticket_id;

-- name: whole_words(ticket_ids)
-- All that customers wrote about these tickets, the newest where that is too much.
SELECT wanted AS ticket_id, string_agg(left(m.text, 8000), E'\n' ORDER BY m.id) AS words
FROM unnest($1::uuid[]) wanted CROSS JOIN LATERAL (
  SELECT id, text FROM message WHERE ticket_id = wanted AND direction = 'in' ORDER BY id DESC LIMIT 20) m
GROUP BY wanted;

-- name: held_skills()
-- Skills that somebody active has: a skill nobody has may not make anybody wait.
SELECT s.id, s.key FROM skill s
WHERE EXISTS (SELECT FROM agent_skill k JOIN agent a ON a.id = k.agent_id WHERE k.skill_id = s.id AND a.active);

-- name: overdue_conversations(before)
-- Live conversations that queue and are not ready, though triage had its time.
SELECT id FROM conversation
WHERE NOT ready AND phase IN ('bot', 'queued') AND phase <> 'bot' AND live AND created_at <= $1
  AND coalesce(queued_at, created_at) <= $1
ORDER BY created_at LIMIT 500;

-- name: overdue_tickets(before)
-- Tickets that are not ready, though triage had its time.
SELECT id, type, priority FROM ticket t
WHERE NOT ready AND status IN ('new', 'open') AND greatest(created_at, last_message_at) <= $1
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id
                  AND (v.phase = 'bot' OR v.phase = 'queued' AND NOT v.ready AND v.queued_at > $1))
ORDER BY created_at LIMIT 500;
