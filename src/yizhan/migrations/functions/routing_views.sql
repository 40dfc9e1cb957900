-- What routing looks at (owner: desk/routing). The views only read; nothing here writes.
DROP VIEW IF EXISTS routing_waiting, routing_stance, routing_burden, routing_seat;

-- Everything that needs somebody: live conversations that queue, sleepers whose customer wrote again, tickets that
-- nobody holds. A ticket is never routed beside its own live conversation: the conversation is. What a conversation
-- needs is what its ticket needs, and more: one that comes out of the bot's hands has been classified. Who was rated
-- low is barred from following that up.
CREATE VIEW routing_waiting AS
SELECT 'conversation' AS kind, v.id, v.ticket_id, coalesce(t.priority, 2)::int AS priority, v.seniority, v.team_id,
       v.inbox_id, v.channel, coalesce(t.needs, '{}') || v.needs AS needs, v.contact_id,
       CASE WHEN v.phase = 'served' THEN v.agent_id END AS back_to,
       CASE WHEN v.phase = 'served' THEN v.last_outbound_at END AS spoken_at, NULL::uuid AS held_by,
       coalesce(v.queued_at, v.seniority) AS since, ARRAY[t.agent_id, t.owner_id] AS prefer,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'returned' ORDER BY a.id) AS returned,
       ARRAY(SELECT a.ended_at FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'returned' ORDER BY a.id) AS returned_at,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'missed') AS missed,
       ARRAY(SELECT r.agent_id FROM rating r WHERE r.follow_up_id = v.ticket_id AND r.agent_id IS NOT NULL)
         || ARRAY(SELECT r.owner_id FROM ticket_rating r WHERE r.follow_up_id = v.ticket_id AND r.owner_id IS NOT NULL) AS barred,
       (SELECT k.level FROM contact k WHERE k.id = v.contact_id)::int AS level, o.agent_id AS last_agent, o.ended_at AS last_at,
       o.ticket_id = v.ticket_id AS last_same
FROM conversation v LEFT JOIN ticket t ON t.id = v.ticket_id
LEFT JOIN LATERAL (  -- who spoke with this customer last, and whether of the same matter
  SELECT c.agent_id, c.ended_at, c.ticket_id FROM conversation c
  WHERE c.contact_id = v.contact_id AND c.id < v.id AND c.phase = 'ended' AND c.agent_id IS NOT NULL AND c.live
  ORDER BY c.id DESC LIMIT 1) o ON v.phase = 'queued'
WHERE v.live AND (v.phase = 'queued' AND v.ready OR v.phase = 'served' AND v.asleep AND v.waiting_since IS NOT NULL)
UNION ALL
SELECT 'ticket', t.id, t.id, t.priority::int, t.created_at, t.team_id,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1), t.channel,
       t.needs, t.contact_id, NULL, NULL, t.agent_id,
       coalesce(t.waiting_since, t.created_at), ARRAY[t.agent_id, t.owner_id],
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'returned' ORDER BY a.id),
       ARRAY(SELECT a.ended_at FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'returned' ORDER BY a.id),
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'missed'),
       ARRAY(SELECT r.agent_id FROM rating r WHERE r.follow_up_id = t.id AND r.agent_id IS NOT NULL)
         || ARRAY(SELECT r.owner_id FROM ticket_rating r WHERE r.follow_up_id = t.id AND r.owner_id IS NOT NULL),
       (SELECT k.level FROM contact k WHERE k.id = t.contact_id)::int, NULL, NULL, NULL
FROM ticket t
WHERE t.ready AND t.merged_into IS NULL AND t.status IN ('new', 'open')
  AND NOT EXISTS (SELECT FROM assignment a WHERE a.work_id = t.id AND a.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id AND v.live AND v.phase <> 'ended');

-- What each open assignment should weigh: 'over' when its work went elsewhere, 'weighs', or 'idle' when it costs nobody
-- attention: a sleeping customer, a ticket 待客户确认, one that waits for its customer, one served in a live chat.
CREATE VIEW routing_stance AS
SELECT a.id, a.work, a.work_id, a.agent_id, a.load, a.counted,
  CASE
    WHEN a.work = 'conversation' THEN
      CASE WHEN v.id IS NULL OR v.phase <> 'served' OR v.agent_id IS DISTINCT FROM a.agent_id THEN 'over'
           WHEN v.asleep THEN 'idle' ELSE 'weighs' END
    WHEN a.work = 'consultation' THEN
      CASE WHEN m.state = 'joined' AND n.state = 'open' THEN 'weighs' ELSE 'over' END
    WHEN t.id IS NULL OR t.merged_into IS NOT NULL OR t.status IN ('new', 'done', 'cancelled')
         OR t.agent_id IS DISTINCT FROM a.agent_id THEN 'over'
    WHEN t.status = 'pending' THEN 'idle'
    WHEN EXISTS (SELECT FROM conversation c WHERE c.ticket_id = t.id AND c.live AND c.phase <> 'ended') THEN 'idle'
    WHEN t.waiting_since IS NULL AND EXISTS (
      SELECT FROM conversation c WHERE c.ticket_id = t.id AND c.phase <> 'ended' AND c.last_outbound_at IS NOT NULL)
      THEN 'idle'
    ELSE 'weighs'
  END AS stance,
  coalesce(v.end_reason, t.status) AS ending
FROM assignment a
LEFT JOIN conversation v ON a.work = 'conversation' AND v.id = a.work_id
LEFT JOIN ticket t ON a.work = 'ticket' AND t.id = a.work_id
LEFT JOIN consultation_member m ON a.work = 'consultation' AND m.id = a.work_id
LEFT JOIN consultation n ON n.id = m.consultation_id
WHERE a.ended_at IS NULL;

-- What an open assignment weighs, beside what the rules of weights ask about: a priority changes while somebody has it.
CREATE VIEW routing_burden AS
SELECT a.id, a.work_id, a.agent_id, a.load, a.counted, a.weight, a.started_at, t.id AS ticket_id, coalesce(t.priority, 2)::int AS priority,
       coalesce(v.channel, t.channel) AS channel, CASE WHEN v.id IS NULL THEN t.team_id ELSE v.team_id END AS team_id,
       CASE WHEN v.id IS NULL
            THEN (SELECT c.inbox_id FROM conversation c WHERE c.ticket_id = t.id ORDER BY c.id DESC LIMIT 1)
            ELSE v.inbox_id END AS inbox_id
FROM assignment a
LEFT JOIN conversation v ON a.work = 'conversation' AND v.id = a.work_id
LEFT JOIN ticket t ON t.id = CASE WHEN a.work = 'ticket' THEN a.work_id ELSE v.ticket_id END
WHERE a.ended_at IS NULL AND a.work <> 'consultation' AND (v.id IS NOT NULL OR t.id IS NOT NULL);

-- Everybody who may be given work. Who was given nothing for the longest time comes first.
CREATE VIEW routing_seat AS
SELECT a.id, a.name, coalesce(p.state, 'offline') AS state, coalesce(p.since, a.created_at) AS state_since, p.lost_at,
       a.live_cap, a.async_cap, coalesce(l.live, 0) AS live, coalesce(l.async, 0) AS async,
       coalesce((SELECT max(s.started_at) FROM assignment s WHERE s.agent_id = a.id), p.since, a.created_at) AS idle_since,
       ARRAY(SELECT k.skill_id FROM agent_skill k WHERE k.agent_id = a.id ORDER BY k.skill_id) AS skills,
       ARRAY(SELECT k.level FROM agent_skill k WHERE k.agent_id = a.id ORDER BY k.skill_id) AS levels,
       ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id) AS teams,
       coalesce(l.alone, 0) AS alone, p.came_at, coalesce(p.came_with, 0) AS came_with
FROM agent a LEFT JOIN presence p ON p.agent_id = a.id LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE a.active;
