-- Routing by rules (owner: desk/routing): what a work weighs is kept with its assignment, a call stands alone.
-- What a view says of a work's inbox, channel and returns decides which rules count for it, and for how long.

ALTER TABLE assignment ADD COLUMN weight smallint NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 50);
ALTER TABLE assignment ADD COLUMN alone bool NOT NULL DEFAULT false;   -- nothing live is given beside it
ALTER TABLE agent_load ADD COLUMN alone int NOT NULL DEFAULT 0;

DROP VIEW routing_waiting;
CREATE VIEW routing_waiting AS
SELECT 'conversation' AS kind, v.id, v.ticket_id, coalesce(t.priority, 2)::int AS priority, v.seniority, v.team_id,
       v.inbox_id, v.channel, coalesce(t.needs, '{}') || v.needs AS needs, v.contact_id,
       CASE WHEN v.phase = 'served' THEN v.agent_id END AS back_to,
       CASE WHEN v.phase = 'served' THEN v.last_outbound_at END AS spoken_at, NULL::uuid AS held_by,
       coalesce(v.queued_at, v.seniority) AS since, ARRAY[t.agent_id, t.owner_id] AS prefer,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'returned' ORDER BY a.id) AS returned,
       ARRAY(SELECT a.ended_at FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'returned' ORDER BY a.id) AS returned_at,
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = v.id AND a.end_reason = 'missed') AS missed
FROM conversation v LEFT JOIN ticket t ON t.id = v.ticket_id
WHERE v.live AND (v.phase = 'queued' AND v.ready OR v.phase = 'served' AND v.asleep AND v.waiting_since IS NOT NULL)
UNION ALL
SELECT 'ticket', t.id, t.id, t.priority::int, t.created_at, t.team_id,
       (SELECT v.inbox_id FROM conversation v WHERE v.ticket_id = t.id ORDER BY v.id DESC LIMIT 1), t.channel,
       t.needs, t.contact_id, NULL, NULL, t.agent_id,
       coalesce(t.waiting_since, t.created_at), ARRAY[t.agent_id, t.owner_id],
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'returned' ORDER BY a.id),
       ARRAY(SELECT a.ended_at FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'returned' ORDER BY a.id),
       ARRAY(SELECT a.agent_id FROM assignment a WHERE a.work_id = t.id AND a.end_reason = 'missed')
FROM ticket t
WHERE t.ready AND t.merged_into IS NULL AND t.status IN ('new', 'open')
  AND NOT EXISTS (SELECT FROM assignment a WHERE a.work_id = t.id AND a.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.ticket_id = t.id AND v.live AND v.phase <> 'ended');

CREATE OR REPLACE VIEW routing_seat AS
SELECT a.id, a.name, coalesce(p.state, 'offline') AS state, coalesce(p.since, a.created_at) AS state_since, p.lost_at,
       a.live_cap, a.async_cap, coalesce(l.live, 0) AS live, coalesce(l.async, 0) AS async,
       coalesce((SELECT max(s.started_at) FROM assignment s WHERE s.agent_id = a.id), p.since, a.created_at) AS idle_since,
       ARRAY(SELECT k.skill_id FROM agent_skill k WHERE k.agent_id = a.id) AS skills,
       ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id) AS teams,
       coalesce(l.alone, 0) AS alone
FROM agent a LEFT JOIN presence p ON p.agent_id = a.id LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE a.active;
