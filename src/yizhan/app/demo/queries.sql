-- name: wipe_customers()
-- The demo begins anew: everything that customers left. People, inboxes and the journal stay, so nobody is signed out
-- and the chain of the journal holds. Nothing but the demo may do this; owners delete row by row.
TRUNCATE conversation, message, dedupe_key, mail_reference, read_mark, message_move, ticket, note, assignment, offer,
  outbound, visit, trail, invitation, contact, identity, link, claim, search_row, timer,
  complaint, complaint_clock, complaint_step, compensation, external_case, external_case_ticket, external_reply,
  legal_hold, evidence_package,
  shift, leave, break_wait, duty_call, handover_item, held_reply, block, block_warning, priority_decision,
  promise, consultation, consultation_member, consultation_message, ticket_link, ticket_watcher, ticket_tag, bulk_job,
  bulk_item, notice, sla_target, visitor_words, agent_spell, agent_day,
  member_code, encounter, shop_visit, appointment, appointment_slot,
  survey, rating, rating_appeal, ticket_survey, ticket_rating, nps_run, nps_invitation, reception_turn, person_fact, segment_member,
  customer_order, profile_record, profile_value, customer_tag, contact_tag, customer_remark,
  verification, candidate, resolution_key, resolution_run, resolution_preview, connector_look, connector_run;

-- name: restart_numbers()
-- Tickets are numbered from the first again.
SELECT setval('ticket_number', 208000, false);

-- name: quiet_words(since)
-- What two customers wrote whose matters were called off, in conversations that are long over.
SELECT DISTINCT ON (m.identity_id) m.id FROM message m JOIN conversation v ON v.id = m.conversation_id
JOIN ticket t ON t.id = v.ticket_id
WHERE m.direction = 'in' AND m.text <> '' AND v.phase = 'ended' AND t.status = 'cancelled' AND m.at > $1
ORDER BY m.identity_id, m.id LIMIT 2;

-- name: served_by(agent_id)
-- A conversation that an agent has now.
SELECT id FROM conversation WHERE agent_id = $1 AND phase = 'served' ORDER BY id LIMIT 1;

-- name: newest_ticket(contact_id)
-- What a customer came for last.
SELECT id FROM ticket WHERE contact_id = $1 ORDER BY id DESC LIMIT 1;

-- name: low_ratings(since)
-- Low ratings of late, the newest first.
SELECT conversation_id, agent_id, given_at FROM rating WHERE low AND given_at > $1 ORDER BY given_at DESC LIMIT 12;

-- name: surveyed(before, but)
-- Whom a survey could have asked: each person's newest mail until then, else his newest chat.
SELECT DISTINCT ON (c.person_id) c.person_id, v.channel, v.id AS conversation_id, v.contact_id, v.identity_id, v.brand_id,
       v.team_id
FROM conversation v JOIN contact c ON c.id = v.contact_id
WHERE v.channel IN ('email', 'webchat') AND v.created_at < $1 AND c.name <> ALL ($2::text[])
ORDER BY c.person_id, v.channel, v.id DESC;

-- name: lately_served_by(agent_id, since)
-- Some matters that an agent brought to an end, the latest first: in which he promised something.
SELECT t.id AS ticket_id, v.id AS conversation_id, t.contact_id, t.brand_id, t.team_id, v.agent_id AS made_by,
       v.created_at + interval '4 minutes' AS at
FROM conversation v JOIN ticket t ON t.id = v.ticket_id
WHERE v.agent_id = $1 AND v.phase = 'ended' AND t.status = 'done' AND v.created_at BETWEEN $2 AND $2 + interval '13 days'
ORDER BY v.created_at DESC LIMIT 11;

-- name: members_talked_to(count)
-- Members of the shop who talked with us lately, each with his newest conversation.
SELECT x.id, x.contact_id FROM (
  SELECT DISTINCT ON (c.person_id) v.id, v.contact_id FROM conversation v JOIN contact c ON c.id = v.contact_id
  WHERE v.channel = 'webchat' AND v.phase = 'ended' AND EXISTS (
    SELECT FROM contact p JOIN customer_order o ON o.contact_id = p.id WHERE p.person_id = c.person_id AND p.level > 0)
  ORDER BY c.person_id, v.id DESC) x
ORDER BY x.id DESC LIMIT $1;

-- name: has_worked(agent_id)
-- Whether anything is known of an agent's earlier presence.
SELECT EXISTS (SELECT FROM presence_span WHERE agent_id = $1);

-- name: chats_with_numbers(agent_id)
-- Running chats of an agent whose customer left a number, the oldest first.
SELECT v.id, v.contact_id, v.ticket_id, k.blind, k.masked
FROM conversation v CROSS JOIN LATERAL (
  SELECT c.blind, c.masked FROM claim c WHERE c.contact_id = v.contact_id AND c.kind = 'phone' ORDER BY c.at DESC LIMIT 1) k
WHERE v.agent_id = $1 AND v.phase = 'served' AND v.live ORDER BY v.assigned_at, v.id;
