-- name: hold_persons(conversations)
-- One at a time decides about a person, over all his channels.
SELECT pg_advisory_xact_lock(hashtextextended('survey:' || p.person_id::text, 31))
FROM (SELECT DISTINCT c.person_id FROM conversation v JOIN contact c ON c.id = v.contact_id
      WHERE v.id = ANY ($1) ORDER BY c.person_id) p;

-- name: spells(conversations, now)
-- What decides whether these customers are asked.
SELECT v.id AS conversation_id, v.version, v.contact_id, c.person_id, v.inbox_id, v.team_id, v.brand_id, v.ticket_id,
       v.agent_id, v.channel, v.phase, v.end_reason, v.ended_at, v.assigned_at, c.locale, v.inbound_count AS inbound,
       m.answers, m.answered_at,
       EXISTS (SELECT FROM block_warning w WHERE w.conversation_id = v.id) AS abused,
       EXISTS (SELECT FROM block b WHERE b.identity_id = v.identity_id AND b.ended_at IS NULL
                 AND (b.until IS NULL OR b.until > $2)) AS limited,
       greatest(
         (SELECT max(s.asked_at) FROM contact o JOIN survey s ON s.contact_id = o.id
          WHERE o.person_id = c.person_id AND s.conversation_id <> v.id AND s.asked_at IS NOT NULL),
         (SELECT max(s.asked_at) FROM contact o JOIN ticket_survey s ON s.contact_id = o.id WHERE o.person_id = c.person_id),
         (SELECT max(n.asked_at) FROM contact o JOIN nps_invitation n ON n.contact_id = o.id
          WHERE o.person_id = c.person_id AND n.asked_at IS NOT NULL)) AS last_asked,
       EXISTS (SELECT FROM survey s WHERE s.conversation_id = v.id AND s.asked_at IS NOT NULL) AS asked
FROM conversation v JOIN contact c ON c.id = v.contact_id
CROSS JOIN LATERAL (SELECT count(*)::int AS answers, max(at) AS answered_at FROM message
                    WHERE conversation_id = v.id AND direction = 'out' AND author LIKE 'agent:%') m
WHERE v.id = ANY ($1) ORDER BY v.id;

-- name: turns(conversation_id)
-- Who of the house answered how many turns of the customer, in the order they first did.
SELECT split_part(author, ':', 2)::uuid AS agent_id, count(*)::int AS turns FROM (
  SELECT at, author, direction, lag(author) OVER (ORDER BY id) AS before FROM message
  WHERE conversation_id = $1 AND (direction = 'in' OR (direction = 'out' AND author LIKE 'agent:%'))) m
WHERE direction = 'out' AND author IS DISTINCT FROM before GROUP BY author ORDER BY min(at), agent_id;

-- name: place(conversation_id)
-- Where a rating is followed up: the matter, who leads the team, and who else is in it.
SELECT v.ticket_id, v.contact_id, v.brand_id, v.team_id,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = v.team_id AND m.lead AND a.active ORDER BY m.agent_id) AS leads,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             LEFT JOIN agent_load l ON l.agent_id = a.id
             WHERE m.team_id = v.team_id AND NOT m.lead AND a.active ORDER BY coalesce(l.async, 0), m.agent_id) AS others,
       ARRAY(SELECT a.id FROM agent a JOIN role r ON r.id = a.role_id
             WHERE a.active AND 'supervise' = ANY (r.permissions) AND r.scope = 'all' ORDER BY a.id) AS supervisors
FROM conversation v WHERE v.id = $1;

-- name: long_done(tickets)
-- Of these, the customers' own matters that are done, and in which conversation their customer is reached.
SELECT t.id, t.version, t.number, t.subject, t.created_at, t.closed_at, t.contact_id, c.person_id, c.locale, t.brand_id, t.team_id,
       t.owner_id, t.agent_id, v.id AS conversation_id, v.channel, v.inbox_id, v.live,
       EXISTS (SELECT FROM ticket_survey s WHERE s.ticket_id = t.id) AS asked,
       EXISTS (SELECT FROM message m WHERE m.ticket_id = t.id AND m.direction = 'out' AND m.author LIKE 'agent:%') AS answered
FROM ticket t JOIN contact c ON c.id = t.contact_id
JOIN LATERAL (SELECT id, channel, inbox_id, live FROM conversation WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) v ON true
WHERE t.id = ANY ($1) AND t.status = 'done' AND t.merged_into IS NULL AND t.parent_id IS NULL AND t.closed_at IS NOT NULL
  AND split_part(t.type, '.', 1) <> 'callback';

-- name: hold_person(person_id)
-- One at a time decides about a person.
SELECT pg_advisory_xact_lock(hashtextextended('survey:' || $1::uuid::text, 31));

-- name: stance(person_id, now)
-- When a person was last asked anything, and whether he is limited.
SELECT greatest(
         (SELECT max(s.asked_at) FROM contact o JOIN survey s ON s.contact_id = o.id
          WHERE o.person_id = $1 AND s.asked_at IS NOT NULL),
         (SELECT max(s.asked_at) FROM contact o JOIN ticket_survey s ON s.contact_id = o.id WHERE o.person_id = $1),
         (SELECT max(n.asked_at) FROM contact o JOIN nps_invitation n ON n.contact_id = o.id
          WHERE o.person_id = $1 AND n.asked_at IS NOT NULL)) AS last_asked,
       EXISTS (SELECT FROM contact o JOIN block b ON b.contact_id = o.id
               WHERE o.person_id = $1 AND b.ended_at IS NULL AND (b.until IS NULL OR b.until > $2)) AS limited;
