-- name: ticket_states(ids)
-- What decides about the targets of these tickets. Answered: by a person, in any of the ticket's conversations.
SELECT t.id, t.ready, t.status, t.waiting_reason, t.priority::int AS priority, t.created_at, t.waiting_since,
       (SELECT min(v.first_response_at) FROM conversation v
        WHERE v.ticket_id = t.id AND v.first_response_at >= t.created_at) AS answered_at,
       EXISTS (SELECT FROM sla_target s WHERE s.ticket_id = t.id AND s.kind = 'resolution'
               AND (s.state = 'met' OR s.cancelled_why = 'cancelled')) AS closed_before,
       t.merged_into, t.brand_id, t.team_id, t.agent_id, t.contact_id
FROM each_of($1) wanted JOIN ticket t ON t.id = wanted;

-- name: words_of(messages)
-- What was said in these messages, where they are nothing but words.
SELECT id, text FROM message WHERE id = ANY ($1) AND kind = 'text' AND attachments IS NULL;

-- name: waiting(ticket_ids, kinds)
-- Tickets with a target of these kinds that runs or is paused.
SELECT ticket_id FROM sla_target WHERE ticket_id = ANY ($1) AND state IN ('running', 'paused') AND kind = ANY ($2);

-- name: lock_open(ticket_ids)
-- Open targets of these tickets, locked in the order of ids.
SELECT * FROM sla_target WHERE ticket_id = ANY ($1) AND state IN ('running', 'paused') ORDER BY id FOR NO KEY UPDATE;

-- name: lock_due(id, now, count)
-- The target whose timer strikes, and others whose instant has come too: a morning on which hundreds of targets end in
-- one second is one transaction. Left out is what was answered, put off or closed a moment ago: its reader is about to
-- say so.
SELECT s.* FROM sla_target s JOIN ticket t ON t.id = s.ticket_id
WHERE s.id IN (SELECT $1::uuid UNION ALL
               (SELECT n.id FROM sla_target n WHERE n.state = 'running' AND n.next_at <= $2 ORDER BY n.next_at LIMIT $3))
  AND s.state = 'running' AND s.next_at <= $2 AND t.status IN ('new', 'open') AND t.merged_into IS NULL
  AND (s.kind = 'resolution' OR NOT EXISTS (
    SELECT FROM message m
    WHERE m.ticket_id = t.id AND m.direction = 'out' AND m.author LIKE 'agent:%' AND m.at > s.started_at))
ORDER BY s.id FOR NO KEY UPDATE OF s;

-- name: target(id)
-- One target, as it is just now.
SELECT * FROM sla_target WHERE id = $1;

-- name: lock_late(id)
-- A target for which a step is due, while it runs and its ticket still waits for us.
SELECT s.* FROM sla_target s JOIN ticket t ON t.id = s.ticket_id
WHERE s.id = $1 AND s.state = 'running' AND t.status IN ('new', 'open') AND t.merged_into IS NULL
  AND (s.kind = 'resolution' OR NOT EXISTS (
    SELECT FROM message m
    WHERE m.ticket_id = t.id AND m.direction = 'out' AND m.author LIKE 'agent:%' AND m.at > s.started_at))
FOR NO KEY UPDATE OF s;

-- name: put_targets(rows)
-- New and changed targets. In the order given: what makes room comes before what takes its place.
INSERT INTO sla_target SELECT * FROM jsonb_populate_recordset(NULL::sla_target, $1)
ON CONFLICT (id) DO UPDATE SET
  state = excluded.state, priority = excluded.priority, due_at = excluded.due_at, warn_at = excluded.warn_at,
  next_at = excluded.next_at, paused_at = excluded.paused_at, pauses = excluded.pauses, spent_s = excluded.spent_s,
  warned_at = excluded.warned_at, breached_at = excluded.breached_at, met_at = excluded.met_at,
  cancelled_at = excluded.cancelled_at, cancelled_why = excluded.cancelled_why, version = excluded.version;

-- name: targets_of(ticket_ids)
-- All targets of a ticket and of those merged into it, oldest first.
SELECT * FROM sla_target WHERE ticket_id = ANY ($1) ORDER BY id;

-- name: scope_of(ticket_ids)
-- What the events of these tickets' targets say about where they belong.
SELECT id, brand_id, team_id, agent_id, contact_id FROM ticket WHERE id = ANY ($1);

-- name: document(kind, name, version)
-- A version of a configuration document, as a running target keeps it.
SELECT body FROM config_document WHERE kind = $1 AND name = $2 AND version = $3;

-- name: recipients(ticket_ids)
-- Whom handler, owner, lead and team mean for these tickets.
SELECT t.id, t.agent_id AS handler, t.owner_id AS owner,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND m.lead AND a.active ORDER BY m.agent_id) AS leads,
       ARRAY(SELECT m.agent_id FROM team_member m JOIN agent a ON a.id = m.agent_id
             WHERE m.team_id = t.team_id AND a.active ORDER BY m.agent_id) AS members
FROM ticket t WHERE t.id = ANY ($1);

-- name: agents_of_roles(keys)
-- Who has these roles.
SELECT r.key, array_agg(a.id ORDER BY a.id) AS agents
FROM role r JOIN agent a ON a.role_id = r.id AND a.active WHERE r.key = ANY ($1) GROUP BY r.key;

-- name: team(key)
-- A team by its key.
SELECT id, name FROM team WHERE key = $1;
