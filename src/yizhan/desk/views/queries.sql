-- name: conversations_by_id(ids)
-- Rows of these conversations.
SELECT v.id, v.version, v.phase, v.live, v.channel, v.inbox_id, x.name AS inbox_name, v.contact_id, c.name AS contact_name,
       c.level AS contact_level, i.verified_at IS NOT NULL AS verified, v.agent_id, a.name AS agent_name, v.team_id,
       v.brand_id, v.ticket_id, t.number AS ticket_number, t.status AS ticket_status, t.type, t.priority, v.preview,
       v.unread, v.waiting_since, v.last_message_at, v.seniority, v.asleep, v.queued_at, v.assigned_at,
       v.first_response_at, v.joined_ticket_id, j.number AS joined_ticket_number, v.ended_at, v.end_reason, v.summary,
       v.rating, v.identity_id, i.kind AS identity_kind, i.masked AS identity_masked
FROM each_of($1) wanted JOIN conversation v ON v.id = wanted
JOIN inbox x ON x.id = v.inbox_id JOIN contact c ON c.id = v.contact_id JOIN identity i ON i.id = v.identity_id
LEFT JOIN agent a ON a.id = v.agent_id LEFT JOIN ticket t ON t.id = v.ticket_id
LEFT JOIN ticket j ON j.id = v.joined_ticket_id;

-- name: mine(agent_id)
-- Ids of an agent's un-ended live conversations, in the order they came: the list never jumps.
SELECT id FROM conversation WHERE agent_id = $1 AND phase = 'served' AND live ORDER BY assigned_at, id;

-- name: queue(scope, agent_id, teams, brands)
-- Ids of the live conversations that wait, who waits longest first.
SELECT v.id FROM conversation v
WHERE v.phase = 'queued' AND v.live
  AND ($1 = 'all' OR ($1 = 'brand' AND v.brand_id = ANY ($4)) OR v.agent_id = $2
       OR ($1 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($3))))
ORDER BY v.seniority, v.id LIMIT 200;

-- name: waiting(scope, agent_id, teams, brands)
-- Ids of the live conversations whose customer waits for the next answer of the agent who has them, longest first.
SELECT v.id FROM conversation v
WHERE v.phase = 'served' AND v.agent_id IS NOT NULL AND v.live AND v.waiting_since IS NOT NULL AND NOT v.asleep
  AND ($1 = 'all' OR ($1 = 'brand' AND v.brand_id = ANY ($4)) OR v.agent_id = $2
       OR ($1 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($3))))
ORDER BY v.waiting_since, v.id LIMIT 200;

-- name: chats_since(scope, agent_id, teams, brands, since_id, what, team_id, channel, inbox_id, count, before)
-- Ids of the conversations begun since then that a number of the monitor counts, the newest first; written ones are
-- those nobody waits for at a window.
SELECT v.id FROM conversation v
WHERE v.id >= $5 AND v.live = ($6 <> 'written')
  AND ($1 = 'all' OR ($1 = 'brand' AND v.brand_id = ANY ($4)) OR v.agent_id = $2
       OR ($1 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($3))))
  AND ($7::uuid IS NULL OR v.team_id = $7) AND ($8::text IS NULL OR v.channel = $8) AND ($9::uuid IS NULL OR v.inbox_id = $9)
  AND CASE $6 WHEN 'picked' THEN v.assigned_at IS NOT NULL WHEN 'replied' THEN v.first_response_at IS NOT NULL
              WHEN 'ended' THEN v.phase = 'ended' WHEN 'asked' THEN v.queued_at IS NOT NULL OR v.assigned_at IS NOT NULL ELSE true END
  AND ($11::uuid IS NULL OR v.id < $11)
ORDER BY v.id DESC LIMIT $10;

-- name: of_ticket(tickets)
-- Ids of all conversations of a ticket, its merged ones included.
SELECT DISTINCT id FROM (
  SELECT v.id FROM each_of($1) t(id) JOIN conversation v ON v.ticket_id = t.id
  UNION ALL SELECT m.conversation_id FROM each_of($1) t(id) JOIN message m ON m.ticket_id = t.id) both_ways
ORDER BY id;

-- name: reachable(person_id)
-- Ids of a person's newest conversation with each identity: where an answer could go.
SELECT DISTINCT ON (v.identity_id, v.inbox_id) v.id FROM contact c JOIN conversation v ON v.contact_id = c.id
WHERE c.person_id = $1 ORDER BY v.identity_id, v.inbox_id, v.id DESC;

-- name: tickets_by_id(ids)
-- Rows of these tickets.
SELECT t.id, t.version, t.number, t.subject, t.status, t.priority, t.type, t.channel, t.contact_id, c.name AS contact_name,
       c.level AS contact_level, t.agent_id, a.name AS agent_name, t.owner_id, t.team_id, m.name AS team_name, t.brand_id,
       t.preview, t.unread, t.waiting_since, t.last_message_at, t.created_at, t.closed_at, t.repeats, t.merged_into,
       t.linked_to, t.order_no, t.tags, t.waiting_reason, t.next_follow_up, t.chases, t.parent_id, d.kind AS due_kind, d.due_at, d.due_state
FROM each_of($1) wanted JOIN ticket t ON t.id = wanted JOIN contact c ON c.id = t.contact_id
LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN team m ON m.id = t.team_id
LEFT JOIN LATERAL (
  SELECT s.kind, s.due_at, CASE WHEN s.state = 'paused' THEN 'paused' WHEN s.breached_at IS NOT NULL THEN 'breached'
                                WHEN s.warned_at IS NOT NULL THEN 'warned' ELSE 'running' END AS due_state
  FROM sla_target s WHERE s.ticket_id = t.id AND s.state IN ('running', 'paused')
  ORDER BY s.due_at NULLS LAST, s.id LIMIT 1) d ON true;

-- name: tickets_of_agent(agent_id, status, channel, priority, type, after_at, after_id, count)
-- One page of an agent's own tickets, newest first.
SELECT t.id FROM ticket t
WHERE t.agent_id = $1 AND t.merged_into IS NULL AND ($2::text IS NULL OR t.status = $2) AND ($3::text IS NULL OR t.channel = $3)
  AND ($4::smallint IS NULL OR t.priority = $4) AND ($5::text IS NULL OR t.type = $5 OR t.type LIKE $5 || '.%')
  AND ($6::timestamptz IS NULL OR (t.last_message_at, t.id) < ($6, $7::uuid))
ORDER BY t.last_message_at DESC, t.id DESC LIMIT $8;

-- name: tickets_page(scope, agent_id, teams, brands, view, status, channel, priority, type, after_at, after_id, count)
-- One page of the tickets a viewer may see, newest first.
SELECT t.id FROM ticket t
WHERE t.merged_into IS NULL
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($5 <> 'team' OR t.team_id = ANY ($3)) AND ($5 <> 'unassigned' OR (t.agent_id IS NULL AND t.status = 'new'))
  AND ($6::text IS NULL OR t.status = $6) AND ($7::text IS NULL OR t.channel = $7)
  AND ($8::smallint IS NULL OR t.priority = $8) AND ($9::text IS NULL OR t.type = $9 OR t.type LIKE $9 || '.%')
  AND ($10::timestamptz IS NULL OR (t.last_message_at, t.id) < ($10, $11::uuid))
ORDER BY t.last_message_at DESC, t.id DESC LIMIT $12;

-- name: tickets_tagged(scope, agent_id, teams, brands, view, status, channel, priority, type, after_at, after_id, count, tag)
-- One page of the tickets with a tag that a viewer may see, newest first.
SELECT t.id FROM ticket t
WHERE t.tags <> '{}' AND t.tags @> ARRAY[$13::text] AND t.merged_into IS NULL AND ($5 <> 'mine' OR t.agent_id = $2)
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($5 <> 'team' OR t.team_id = ANY ($3)) AND ($5 <> 'unassigned' OR (t.agent_id IS NULL AND t.status = 'new'))
  AND ($6::text IS NULL OR t.status = $6) AND ($7::text IS NULL OR t.channel = $7)
  AND ($8::smallint IS NULL OR t.priority = $8) AND ($9::text IS NULL OR t.type = $9 OR t.type LIKE $9 || '.%')
  AND ($10::timestamptz IS NULL OR (t.last_message_at, t.id) < ($10, $11::uuid))
ORDER BY t.last_message_at DESC, t.id DESC LIMIT $12;

-- name: tickets_due(scope, agent_id, teams, brands, view, due, status, channel, priority, type, after_at, after_id, count, tag, team)
-- One page of the tickets with a running promise that a viewer may see, what is due first first; each ticket stands
-- where its nearest promise of that kind does.
SELECT t.id, s.due_at FROM sla_target s JOIN ticket t ON t.id = s.ticket_id
WHERE s.state = 'running' AND ($6 = 'any' OR s.warned_at IS NOT NULL)
  AND ($6 <> 'breached' OR s.breached_at IS NOT NULL) AND ($6 <> 'warned' OR s.breached_at IS NULL)
  AND NOT EXISTS (SELECT FROM sla_target o WHERE o.ticket_id = s.ticket_id AND o.state = 'running'
                  AND ($6 = 'any' OR o.warned_at IS NOT NULL)
                  AND ($6 <> 'breached' OR o.breached_at IS NOT NULL) AND ($6 <> 'warned' OR o.breached_at IS NULL)
                  AND (o.due_at, o.id) < (s.due_at, s.id))
  AND t.merged_into IS NULL AND ($5 <> 'mine' OR t.agent_id = $2)
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($5 <> 'team' OR t.team_id = ANY ($3)) AND ($5 <> 'unassigned' OR (t.agent_id IS NULL AND t.status = 'new'))
  AND ($7::text IS NULL OR t.status = $7) AND ($8::text IS NULL OR t.channel = $8)
  AND ($9::smallint IS NULL OR t.priority = $9) AND ($10::text IS NULL OR t.type = $10 OR t.type LIKE $10 || '.%')
  AND ($11::timestamptz IS NULL OR (s.due_at, s.ticket_id) > ($11, $12::uuid))
  AND ($14::text IS NULL OR $14 = ANY (t.tags)) AND ($15::uuid IS NULL OR t.team_id = $15)
ORDER BY s.due_at, s.ticket_id LIMIT $13;

-- name: counts(scope, agent_id, teams, brands, most)
-- Sizes of the views, counted no further than `most`.
SELECT
  (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.agent_id = $2 AND t.status IN ('new', 'open', 'pending') LIMIT $5) q) AS mine,
  (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.agent_id = $2 AND t.status = 'pending' LIMIT $5) q) AS pending,
  (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.status = 'new' AND t.agent_id IS NULL AND t.merged_into IS NULL
     AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3)))) LIMIT $5) q) AS unassigned,
  (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.status IN ('new', 'open', 'pending') AND t.team_id = ANY ($3) AND $1 <> 'own' LIMIT $5) q) AS team,
  (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.status IN ('new', 'open', 'pending') AND t.merged_into IS NULL
     AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2 OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3)))) LIMIT $5) q) AS all;

-- name: tickets_idle(scope, agent_id, teams, brands, before, after_at, after_id, count)
-- One page of the 僵尸单 a viewer may see: 处理中, untouched since `before`, without a next step; who lies longest first.
SELECT t.id FROM ticket t
WHERE t.status = 'open' AND t.merged_into IS NULL AND t.last_message_at < $5
  AND (t.waiting_reason IS NULL OR t.next_follow_up < $5)
  AND NOT EXISTS (SELECT FROM note n WHERE n.ticket_id = t.id AND n.at >= $5)
  AND ($1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
       OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))))
  AND ($6::timestamptz IS NULL OR (t.last_message_at, t.id) > ($6, $7::uuid))
ORDER BY t.last_message_at, t.id LIMIT $8;

-- name: promises_by_id(ids)
-- Rows of these promises, each with the ticket that holds it now.
SELECT p.id, p.version, t.id AS ticket_id, t.number AS ticket_number, t.subject, t.status AS ticket_status, p.conversation_id,
       p.contact_id, c.name AS contact_name, t.brand_id, t.team_id, t.agent_id, a.name AS agent_name, p.made_by,
       m.name AS maker_name, p.made_at, p.text, p.kind, p.due, p.state, p.settled_at, p.reason
FROM each_of($1) wanted JOIN promise p ON p.id = wanted JOIN ticket o ON o.id = p.ticket_id
JOIN ticket t ON t.id = coalesce(o.merged_into, o.id) JOIN contact c ON c.id = p.contact_id
LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent m ON m.id = p.made_by;

-- name: promises_owed(scope, agent_id, teams, brands, mine, count)
-- What is owed, what is due first first: by an agent who has the ticket or gave his word, or by all whose work one sees.
SELECT p.id FROM promise p JOIN ticket o ON o.id = p.ticket_id JOIN ticket t ON t.id = coalesce(o.merged_into, o.id)
WHERE p.settled_at IS NULL
  AND CASE WHEN $5 THEN t.agent_id = $2 OR (t.agent_id IS NULL AND p.made_by = $2)
      ELSE $1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
           OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))) END
ORDER BY p.due, p.id LIMIT $6;

-- name: promises_of_tickets(tickets, count)
-- What was promised about a ticket and those merged into it, what is owed first.
SELECT p.id FROM promise p WHERE p.ticket_id = ANY ($1)
ORDER BY p.settled_at IS NOT NULL, CASE WHEN p.settled_at IS NULL THEN p.due END, p.id DESC LIMIT $2;

-- name: promises_of_person(contact_id, count)
-- What was promised to a customer, what is owed first, then the latest.
SELECT p.id FROM contact h JOIN contact c ON c.person_id = h.person_id JOIN promise p ON p.contact_id = c.id
WHERE h.id = $1 ORDER BY p.settled_at IS NOT NULL, CASE WHEN p.settled_at IS NULL THEN p.due END, p.id DESC LIMIT $2;

-- name: promise_scope(id)
-- What decides who may see a promise.
SELECT t.brand_id, t.team_id, t.agent_id, t.contact_id FROM promise p JOIN ticket o ON o.id = p.ticket_id
JOIN ticket t ON t.id = coalesce(o.merged_into, o.id) WHERE p.id = $1;

-- name: promise_report(scope, agent_id, teams, brands, from_at, to_at)
-- What agents promised in a span and what became of it: late is what was late, done since or not.
SELECT p.made_by AS agent_id, a.name, count(*)::int AS made, count(*) FILTER (WHERE p.state = 'kept')::int AS kept,
       count(*) FILTER (WHERE p.state = 'late')::int AS late, count(*) FILTER (WHERE p.state = 'open')::int AS open,
       count(*) FILTER (WHERE p.state = 'withdrawn')::int AS withdrawn
FROM promise p JOIN agent a ON a.id = p.made_by
WHERE p.made_at >= $5 AND p.made_at < $6
  AND ($1 = 'all' OR p.made_by = $2 OR ($1 = 'brand' AND p.brand_id = ANY ($4)) OR ($1 <> 'own' AND p.team_id = ANY ($3)))
GROUP BY p.made_by, a.name ORDER BY a.name, p.made_by;

-- name: promises_made(agent_id, from_at, to_at, count)
-- What an agent promised in a span: what was late first, then what is owed, then what was kept.
SELECT id FROM promise WHERE made_by = $1 AND made_at >= $2 AND made_at < $3
ORDER BY array_position(ARRAY['late', 'open', 'kept'], state) NULLS LAST, made_at DESC LIMIT $4;

-- name: consultations_by_id(ids)
-- Rows of these consultations, each with the ticket that it is about and who was asked.
SELECT n.id, n.version, t.id AS ticket_id, t.number AS ticket_number, t.subject, t.status AS ticket_status, t.priority,
       n.conversation_id, n.contact_id, c.name AS contact_name, t.brand_id, t.team_id, t.agent_id, a.name AS agent_name,
       n.question, n.war_room, n.asked_by, k.name AS asker_name, n.asked_at, n.state, n.conclusion, n.closed_by,
       e.name AS closer_name, n.closed_at, n.said,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'agent_id', m.agent_id, 'agent_name', g.name,
          'team_id', m.team_id, 'team_name', x.name, 'state', m.state) ORDER BY m.invited_at, m.id), '[]')
        FROM consultation_member m LEFT JOIN agent g ON g.id = m.agent_id LEFT JOIN team x ON x.id = m.team_id
        WHERE m.consultation_id = n.id) AS members
FROM each_of($1) wanted JOIN consultation n ON n.id = wanted JOIN ticket o ON o.id = n.ticket_id
JOIN ticket t ON t.id = coalesce(o.merged_into, o.id) JOIN contact c ON c.id = n.contact_id
LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN agent k ON k.id = n.asked_by LEFT JOIN agent e ON e.id = n.closed_by;

-- name: consultations_open(scope, agent_id, teams, brands, mine, count)
-- What is being consulted about: where an agent asked, was asked, or has the ticket; or all whose work one sees.
SELECT n.id FROM consultation n JOIN ticket o ON o.id = n.ticket_id JOIN ticket t ON t.id = coalesce(o.merged_into, o.id)
WHERE n.state = 'open'
  AND CASE WHEN $5 THEN n.asked_by = $2 OR t.agent_id = $2 OR EXISTS (
        SELECT FROM consultation_member m WHERE m.consultation_id = n.id
          AND ((m.agent_id = $2 AND m.state IN ('invited', 'joined'))
               OR (m.agent_id IS NULL AND m.team_id = ANY ($3) AND (m.state = 'invited' OR n.war_room))))
      ELSE $1 = 'all' OR ($1 = 'brand' AND t.brand_id = ANY ($4)) OR t.agent_id = $2
           OR ($1 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($3))) END
ORDER BY n.war_room DESC, n.asked_at, n.id LIMIT $6;

-- name: consultations_of_tickets(tickets)
-- Consultations about a ticket and those merged into it, newest first.
SELECT n.id FROM consultation n WHERE n.ticket_id = ANY ($1) ORDER BY n.id DESC LIMIT 50;

-- name: consultation_place(id)
-- What decides who may see a consultation.
SELECT t.id AS ticket_id, t.brand_id, t.team_id, t.agent_id, t.contact_id FROM consultation n JOIN ticket o ON o.id = n.ticket_id
JOIN ticket t ON t.id = coalesce(o.merged_into, o.id) WHERE n.id = $1;

-- name: consultation_lines(consultation_id, after, count)
-- The discussion, oldest first.
SELECT l.id, l.author, a.name AS author_name, l.text, l.mentions, l.at FROM consultation_message l
LEFT JOIN agent a ON a.id = l.author
WHERE l.consultation_id = $1 AND ($2::uuid IS NULL OR l.id > $2) ORDER BY l.id LIMIT $3;

-- name: guest_tickets(agents)
-- The tickets into which these agents are asked by open consultations, by name or with their teams.
SELECT a AS agent_id, n.ticket_id FROM unnest($1::uuid[]) a
JOIN consultation_member m ON (m.agent_id = a AND m.state IN ('invited', 'joined'))
  OR (m.agent_id IS NULL AND m.team_id IN (SELECT t.team_id FROM team_member t WHERE t.agent_id = a))
JOIN consultation n ON n.id = m.consultation_id AND n.state = 'open'
WHERE m.agent_id IS NOT NULL OR m.state = 'invited' OR n.war_room;

-- name: members_of_teams(teams)
-- Everybody who works in these teams.
SELECT DISTINCT m.agent_id AS id FROM team_member m WHERE m.team_id = ANY ($1);

-- name: watchers_of(ticket_id)
-- 关注人, who came first first.
SELECT w.agent_id AS id, a.name FROM ticket_watcher w JOIN agent a ON a.id = w.agent_id WHERE w.ticket_id = $1 ORDER BY w.at, a.id;

-- name: links_of(ticket_id)
-- Links of a ticket, whichever end it is; `out` says that it is the one that relates to, duplicates or causes.
SELECT id, kind, true AS out, other_id AS other FROM ticket_link WHERE ticket_id = $1
UNION ALL SELECT id, kind, false, ticket_id FROM ticket_link WHERE other_id = $1 ORDER BY id;

-- name: children_of(ticket_id)
-- Sub-tasks, in the order they were given.
SELECT id FROM ticket WHERE parent_id = $1 ORDER BY id;

-- name: ticket_numbered(number)
-- A ticket by what people call it.
SELECT id FROM ticket WHERE number = $1;

-- name: trace(ticket_id, kinds, before_at, before_key, count)
-- What happened to a ticket, newest first: its notes, with what their events add, and events that leave no note.
SELECT * FROM (
  (SELECT n.at, 'n' || n.id AS key, 'note' AS what, n.action, n.from_status, n.to_status, n.text, n.typed, n.actor,
          n.code, n.parts, a.name AS agent_name, e.data
   FROM note n LEFT JOIN agent a ON a.id = CASE WHEN n.actor LIKE 'agent:%' THEN substr(n.actor, 7)::uuid END
   LEFT JOIN LATERAL (SELECT x.data FROM event x WHERE x.ticket_id = n.ticket_id AND x.at = n.at AND x.actor = n.actor
                      AND x.kind = CASE WHEN n.action IN ('assign', 'start', 'return') THEN 'ticket.assigned'
                                        WHEN n.action IN ('change', 'wait', 'go_on') THEN 'ticket.changed' END
                      ORDER BY x.pos LIMIT 1) e ON true
   WHERE n.ticket_id = $1 AND ($3::timestamptz IS NULL OR (n.at, 'n' || n.id) < ($3, $4))
   ORDER BY n.at DESC, n.id DESC LIMIT $5)
  UNION ALL
  (SELECT e.at, 'e' || lpad(e.pos::text, 20, '0'), 'event', e.kind, NULL, NULL, '', false, e.actor, NULL, NULL, a.name, e.data
   FROM event e LEFT JOIN agent a ON a.id = CASE WHEN e.actor LIKE 'agent:%' THEN substr(e.actor, 7)::uuid END
   WHERE e.ticket_id = $1
     AND (e.kind = ANY ($2) OR e.kind = 'ticket.changed' AND e.actor = 'triage' AND e.data ? 'was')
     AND (e.kind <> 'ticket.created' OR NOT EXISTS (SELECT FROM note n WHERE n.ticket_id = $1 AND n.action = 'create'))
     AND ($3::timestamptz IS NULL OR (e.at, 'e' || lpad(e.pos::text, 20, '0')) < ($3, $4))
   ORDER BY e.at DESC, e.pos DESC LIMIT $5)) both_ways
ORDER BY at DESC, key DESC LIMIT $5;

-- name: known(agent_id, team_id)
-- Whether this agent works here, and whether there is this team.
SELECT EXISTS (SELECT FROM agent WHERE id = $1 AND active) AS agent, EXISTS (SELECT FROM team WHERE id = $2) AS team;

-- name: names_of(ids)
-- What agents and teams are called.
SELECT id, name FROM agent WHERE id = ANY ($1) UNION ALL SELECT id, name FROM team WHERE id = ANY ($1);

-- name: merged_into(ticket_id)
-- A ticket with those merged into it.
SELECT id FROM ticket WHERE id = $1 OR merged_into = $1;

-- name: messages_of_tickets(tickets, before, count)
-- The newest messages of a ticket before a given one.
SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, v.channel, m.direction, m.author, a.name AS agent_name,
       c.name AS contact_name, m.kind, m.text, m.html, m.quoted, m.attachments, m.payload, m.at, m.delivery,
       m.delivery_error, m.recalled_at, m.client_id
FROM (
  SELECT n.* FROM each_of($1) t(id) CROSS JOIN LATERAL (
    SELECT * FROM message WHERE ticket_id = t.id AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) n
  ORDER BY n.id DESC LIMIT $3) m
JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
ORDER BY m.id DESC;

-- name: messages_of_conversation(conversation_id, before, count)
-- The newest messages of a conversation before a given one.
SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, v.channel, m.direction, m.author, a.name AS agent_name,
       c.name AS contact_name, m.kind, m.text, m.html, m.quoted, m.attachments, m.payload, m.at, m.delivery,
       m.delivery_error, m.recalled_at, m.client_id
FROM (SELECT * FROM message WHERE conversation_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) m
JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
ORDER BY m.id DESC;

-- name: messages_of_visitor(identities, before, count)
-- What a visitor may see: the open messages of his own identities' conversations, never notes.
SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, v.channel, m.direction, m.author, a.name AS agent_name,
       c.name AS contact_name, m.kind, m.text, m.html, m.quoted, m.attachments, m.payload, m.at, m.delivery,
       m.delivery_error, m.recalled_at, m.client_id
FROM (SELECT o.* FROM conversation w JOIN message o ON o.conversation_id = w.id
      WHERE w.identity_id = ANY ($1) AND o.direction IN ('in', 'out', 'system') AND ($2::uuid IS NULL OR o.id < $2)
      ORDER BY o.id DESC LIMIT $3) m
JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
ORDER BY m.id DESC;

-- name: messages_by_id(ids)
-- These messages.
SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, v.channel, m.direction, m.author, a.name AS agent_name,
       c.name AS contact_name, m.kind, m.text, m.html, m.quoted, m.attachments, m.payload, m.at, m.delivery,
       m.delivery_error, m.recalled_at, m.client_id
FROM each_of($1) wanted JOIN message m ON m.id = wanted
JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
ORDER BY m.id;

-- name: notes_of_tickets(tickets)
-- The trace of a ticket.
SELECT n.id, n.ticket_id, n.conversation_id, n.action, n.from_status, n.to_status, n.text, n.typed, n.actor, n.at,
       n.code, n.parts, a.name AS agent_name
FROM each_of($1) t(id) JOIN note n ON n.ticket_id = t.id
LEFT JOIN agent a ON a.id = CASE WHEN n.actor LIKE 'agent:%' THEN substr(n.actor, 7)::uuid END
ORDER BY n.id LIMIT 500;

-- name: head_of_person(contact_id)
-- A contact's person and its head; his name is his best, his level the highest that any of his contacts has, his version
-- counts the changes of all of them.
SELECT h.id, h.person_id, person_name(h.id) AS name, (SELECT max(p.level) FROM contact p WHERE p.person_id = h.id) AS level, h.fields, h.created_at,
       (SELECT sum(p.version)::int FROM contact p WHERE p.person_id = h.id) AS version
FROM contact h WHERE h.id = (SELECT c.person_id FROM contact c WHERE c.id = $1);

-- name: members(person_id)
-- The contacts of a person.
SELECT id, name FROM contact WHERE person_id = $1 ORDER BY id LIMIT 100;

-- name: person_links(person_id)
-- What holds a person together, the latest first.
SELECT l.id, l.a_contact, l.b_contact, c.name AS a_name, d.name AS b_name, l.strength, l.evidence, l.actor, g.name AS by, l.at
FROM contact c JOIN link l ON l.a_contact = c.id AND l.ended_at IS NULL JOIN contact d ON d.id = l.b_contact
LEFT JOIN agent g ON g.id = CASE WHEN l.actor LIKE 'agent:%' THEN substr(l.actor, 7)::uuid END
WHERE c.person_id = $1 ORDER BY l.at DESC, l.id DESC LIMIT 100;

-- name: identities(person_id)
-- The identities of a person, those that ended last; claimed when only a claimed link brought them.
SELECT i.id, i.contact_id, i.kind, i.rank, i.masked, i.verified_at, i.valid_from, i.valid_to, x.name AS inbox_name,
       EXISTS (SELECT FROM link l WHERE l.ended_at IS NULL AND l.strength = 'claimed' AND l.b_contact = c.id) AS claimed
FROM contact c JOIN identity i ON i.contact_id = c.id LEFT JOIN inbox x ON x.id = i.inbox_id
WHERE c.person_id = $1 ORDER BY i.valid_to IS NOT NULL, i.id LIMIT 100;

-- name: tickets_of_person(person_id, count, own)
-- The newest tickets of a person, or those of them that one agent has.
SELECT t.id FROM contact c JOIN ticket t ON t.contact_id = c.id
WHERE c.person_id = $1 AND ($3::uuid IS NULL OR t.agent_id = $3) ORDER BY t.last_message_at DESC LIMIT $2;

-- name: ticket_scope(id)
-- What decides who may see a ticket.
SELECT brand_id, team_id, agent_id, contact_id FROM ticket WHERE id = $1;

-- name: conversation_scope(id)
-- What decides who may see a conversation.
SELECT brand_id, team_id, agent_id, contact_id FROM conversation WHERE id = $1;

-- name: contact_seen(contact_id, agent_id, teams, brands, scope)
-- Whether a viewer may see the customer a contact belongs to.
SELECT person_is_seen(h.person_id, $2, $3, $4, $5) FROM contact h WHERE h.id = $1;

-- name: contacts_seen(contacts, agent_id, teams, brands, scope)
-- Those of these contacts whose customers a viewer may see.
SELECT h.id FROM contact h WHERE h.id = ANY ($1) AND person_is_seen(h.person_id, $2, $3, $4, $5);

-- name: visitors_of_person(person_id)
-- The blind indexes under which a person's browsers are known; signed in, they are known under his account.
SELECT i.blind FROM contact c JOIN identity i ON i.contact_id = c.id
WHERE c.person_id = $1 AND i.kind IN ('visitor', 'user') AND i.valid_to IS NULL ORDER BY i.id DESC LIMIT 20;

-- name: visitors_named(blinds)
-- Which customers these browsers belong to, where they have written before.
SELECT i.blind, c.id, c.name FROM identity i JOIN contact c ON c.id = i.contact_id
WHERE i.blind = ANY ($1) AND i.valid_to IS NULL;

-- name: blobs_named()
-- Hashes of all files that messages and their raw forms name.
SELECT raw AS hash FROM message WHERE raw IS NOT NULL
UNION SELECT a->>'hash' FROM message CROSS JOIN LATERAL jsonb_array_elements(attachments) a WHERE attachments IS NOT NULL;

-- name: work_facts(ids, graded, person, now, placed)
-- What conditions may ask about these tickets; a person's level is the highest any of its contacts has.
SELECT t.id, t.type, t.priority::int AS priority, t.status, b.key AS brand, t.channel, i.key AS inbox, m.key AS team,
       (SELECT max(p.level)::int FROM contact p WHERE p.person_id = c.person_id) AS level, t.tags, t.order_no, t.subject,
       c.locale, t.created_at, t.waiting_since, t.repeats, t.agent_id AS agent, t.owner_id AS owner,
       t.waiting_reason, t.next_follow_up, t.chases, t.fields,
       CASE WHEN $5 THEN ARRAY(SELECT s.segment FROM segment_member s WHERE s.person_id = c.person_id ORDER BY 1) END AS segment,
       CASE WHEN $2 THEN (SELECT k.grade FROM complaint k WHERE k.ticket_id = t.id) END AS complaint_grade,
       CASE WHEN $3 THEN (SELECT floor(extract(epoch FROM $4::timestamptz - min(p.created_at)) / 86400)::int
                          FROM contact p WHERE p.person_id = c.person_id) END AS known_days,
       CASE WHEN $3 THEN (SELECT count(*)::int FROM contact p JOIN ticket o ON o.contact_id = p.id
                          WHERE p.person_id = c.person_id AND o.id <> t.id) END AS other_tickets,
       CASE WHEN $3 THEN (SELECT count(*)::int FROM contact p JOIN ticket o ON o.contact_id = p.id
                          WHERE p.person_id = c.person_id AND o.id <> t.id AND o.status IN ('new', 'open', 'pending')
                            AND o.merged_into IS NULL) END AS open_tickets,
       CASE WHEN $3 THEN (SELECT r.stars::int FROM contact p JOIN rating r ON r.contact_id = p.id
                          WHERE p.person_id = c.person_id AND r.stars IS NOT NULL ORDER BY r.given_at DESC LIMIT 1) END AS last_stars
FROM each_of($1) wanted JOIN ticket t ON t.id = wanted JOIN contact c ON c.id = t.contact_id
LEFT JOIN brand b ON b.id = t.brand_id LEFT JOIN team m ON m.id = t.team_id
LEFT JOIN LATERAL (SELECT x.key FROM conversation v JOIN inbox x ON x.id = v.inbox_id
                   WHERE v.ticket_id = t.id ORDER BY v.id LIMIT 1) i ON true;

-- name: words_of_tickets(ids)
-- What the customers of these tickets wrote lately.
SELECT wanted AS id, string_agg(left(m.text, 2000), E'\n' ORDER BY m.id) AS words
FROM each_of($1) wanted CROSS JOIN LATERAL (
  SELECT id, text FROM message WHERE ticket_id = wanted AND direction = 'in' ORDER BY id DESC LIMIT 10) m
GROUP BY wanted;

-- name: places()
-- What documents may name: brands, inboxes, roles, skills and teams by id and key.
SELECT 'brand' AS what, id, key FROM brand UNION ALL SELECT 'inbox', id, key FROM inbox
UNION ALL SELECT 'role', id, key FROM role UNION ALL SELECT 'skill', id, key FROM skill
UNION ALL SELECT 'team', id, key FROM team
UNION ALL SELECT 'sms', id, key FROM inbox WHERE channel LIKE 'sms\_%' AND enabled
UNION ALL SELECT 'template', x.id, x.key || ' ' || split_part(ltrim(t.line), ' ', 1) FROM inbox x
CROSS JOIN LATERAL jsonb_array_elements_text(
  CASE jsonb_typeof(x.settings->'templates') WHEN 'array' THEN x.settings->'templates' ELSE '[]' END) t(line)
WHERE x.channel LIKE 'sms\_%'
UNION ALL SELECT 'held', s.id, s.key FROM skill s
WHERE EXISTS (SELECT FROM agent_skill k JOIN agent a ON a.id = k.agent_id WHERE k.skill_id = s.id AND a.active)
UNION ALL SELECT 'staffed', t.id, t.key FROM team t
WHERE EXISTS (SELECT FROM team_member m JOIN agent a ON a.id = m.agent_id WHERE m.team_id = t.id AND a.active);

-- name: choices()
-- What conditions and documents may name, by its key and by what people call it.
SELECT 'brand' AS what, id, key, name FROM brand UNION ALL SELECT 'inbox', id, key, name FROM inbox
UNION ALL SELECT 'team', id, key, name FROM team UNION ALL SELECT 'role', id, key, name FROM role
UNION ALL SELECT 'tags', NULL, tag, tag FROM ticket_tag WHERE NOT retired ORDER BY 1, 4;

-- name: open_for_conditions(count)
-- The newest tickets that are not over.
SELECT id FROM ticket WHERE status IN ('new', 'open', 'pending') AND merged_into IS NULL ORDER BY id DESC LIMIT $1;

-- name: notice_places(tickets)
-- Where the notices of these tickets belong, and whom the words of a rule mean there just now.
SELECT t.id, t.version, t.brand_id, t.team_id, t.agent_id, t.owner_id, t.contact_id, t.number,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND m.lead AND a.active ORDER BY m.agent_id) AS leads,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND a.active ORDER BY m.agent_id) AS members
FROM ticket t WHERE t.id = ANY ($1);

-- name: leads_of(team)
-- Who leads a team.
SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
WHERE m.team_id = $1 AND m.lead AND a.active ORDER BY m.agent_id;

-- name: ratings_by_id(conversations)
-- Ratings with whom they concern, their follow-up and their appeal.
SELECT r.conversation_id AS id, r.version, r.ticket_id, t.number AS ticket_number, t.subject, r.contact_id,
       c.name AS contact_name, v.channel, r.brand_id, r.team_id, r.agent_id, a.name AS agent_name,
       ARRAY(SELECT o.name FROM agent o WHERE o.id = ANY (r.others) ORDER BY o.name) AS others, r.solved, r.stars, r.tags,
       r.comment, r.way, r.given_at, r.changed_at, r.low, r.excluded, r.follow_up_id, f.number AS follow_up_number,
       f.status AS follow_up_status, f.agent_id AS follower_id, fa.name AS follower_name, p.id AS appeal_id,
       p.cause, p.words, p.made_at AS appealed_at, p.state AS appeal_state, p.decision, p.decided_at, d.name AS decider_name
FROM each_of($1) wanted JOIN rating r ON r.conversation_id = wanted JOIN conversation v ON v.id = r.conversation_id
JOIN contact c ON c.id = r.contact_id LEFT JOIN ticket t ON t.id = r.ticket_id LEFT JOIN agent a ON a.id = r.agent_id
LEFT JOIN ticket f ON f.id = r.follow_up_id LEFT JOIN agent fa ON fa.id = f.agent_id
LEFT JOIN rating_appeal p ON p.conversation_id = r.conversation_id LEFT JOIN agent d ON d.id = p.decided_by;

-- name: ratings_listed(scope, agent_id, teams, brands, which, count)
-- The latest one's own, the latest low ones one sees, or those with an appeal, undecided ones first.
SELECT r.conversation_id AS id FROM rating r LEFT JOIN rating_appeal p ON p.conversation_id = r.conversation_id
WHERE CASE $5 WHEN 'mine' THEN r.agent_id = $2 WHEN 'appeals' THEN p.id IS NOT NULL ELSE r.low END
  AND ($1 = 'all' OR r.agent_id = $2 OR ($1 = 'brand' AND r.brand_id = ANY ($4))
       OR ($1 <> 'own' AND (r.team_id IS NULL OR r.team_id = ANY ($3))))
ORDER BY coalesce($5 = 'appeals' AND p.state = 'open', false) DESC, r.given_at DESC LIMIT $6;

-- name: ticket_ratings(scope, agent_id, teams, brands, count)
-- What was said of whole tickets, the latest first.
SELECT t.id, t.number, t.subject, r.contact_id, c.name AS contact_name, r.brand_id, r.team_id, m.name AS team_name,
       o.name AS owner_name, r.took_hours, r.solved, r.stars, r.tags, r.comment, r.changed_at, r.low, r.follow_up_id,
       f.number AS follow_up_number, f.status AS follow_up_status, a.name AS follower_name
FROM ticket_rating r JOIN ticket t ON t.id = r.ticket_id JOIN contact c ON c.id = r.contact_id
LEFT JOIN team m ON m.id = r.team_id LEFT JOIN agent o ON o.id = r.owner_id LEFT JOIN ticket f ON f.id = r.follow_up_id
LEFT JOIN agent a ON a.id = f.agent_id
WHERE $1 = 'all' OR r.owner_id = $2 OR ($1 = 'brand' AND r.brand_id = ANY ($4))
   OR ($1 <> 'own' AND (r.team_id IS NULL OR r.team_id = ANY ($3)))
ORDER BY r.given_at DESC LIMIT $5;

-- name: may_invite(conversation_id)
-- Whether an agent may still ask this customer for a rating; nothing of whether he would be spared.
SELECT v.phase IN ('served', 'ended') AND v.first_response_at IS NOT NULL AND v.channel IN ('webchat', 'email', 'generic')
       AND NOT EXISTS (SELECT FROM survey s WHERE s.conversation_id = v.id AND s.invited_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM rating r WHERE r.conversation_id = v.id)
FROM conversation v WHERE v.id = $1;

-- name: at_work_on(tickets)
-- Who handles these tickets, and who serves a running conversation of one.
SELECT t.id AS ticket_id, t.agent_id FROM ticket t WHERE t.id = ANY ($1::uuid[]) AND t.agent_id IS NOT NULL
UNION
SELECT v.ticket_id, v.agent_id FROM conversation v
WHERE v.ticket_id = ANY ($1::uuid[]) AND v.agent_id IS NOT NULL AND v.phase <> 'ended';
