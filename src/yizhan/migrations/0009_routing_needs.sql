-- What a conversation needs is what its ticket needs, and more: one that comes out of the bot's hands has been classified.
CREATE OR REPLACE VIEW routing_waiting AS
SELECT 'conversation' AS kind, v.id, v.ticket_id, coalesce(t.priority, 2)::int AS priority, v.seniority, v.team_id,
       coalesce(t.needs, '{}') || v.needs AS needs, v.contact_id, CASE WHEN v.phase = 'served' THEN v.agent_id END AS back_to,
       CASE WHEN v.phase = 'served' THEN v.last_outbound_at END AS spoken_at, NULL::uuid AS held_by,
       coalesce(v.queued_at, v.seniority) AS since, ARRAY[t.agent_id, t.owner_id] AS prefer,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'returned') AS returned,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'missed') AS missed
FROM conversation v LEFT JOIN ticket t ON t.id = v.ticket_id
WHERE v.live AND (v.phase = 'queued' AND v.ready OR v.phase = 'served' AND v.asleep AND v.waiting_since IS NOT NULL)
UNION ALL
SELECT 'ticket', t.id, t.id, t.priority::int, t.created_at, t.team_id, t.needs, t.contact_id, NULL, NULL, t.agent_id,
       coalesce(t.waiting_since, t.created_at), ARRAY[t.agent_id, t.owner_id],
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'returned'),
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'missed')
FROM ticket t
WHERE t.ready AND t.merged_into IS NULL AND t.status IN ('new', 'open')
  AND NOT EXISTS (SELECT FROM assignment a WHERE a.work_id = t.id AND a.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id AND v.live AND v.phase <> 'ended');
