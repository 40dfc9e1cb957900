-- Everything a batch changes, and its events in the order of `n` (owner: desk/intake). Plans are pinned as in
-- intake_gather; what changes is locked by it. `referenced` says that some messages can be referred to.
CREATE OR REPLACE FUNCTION intake_write(conversations intake_conversation[], tickets intake_ticket[],
    touched intake_touch[], touched_tickets intake_ticket_touch[], messages intake_row[], referenced bool,
    notes intake_note[])
RETURNS void LANGUAGE plpgsql
SET join_collapse_limit = 1 SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF cardinality(conversations) > 0 THEN
    INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase,
        agent_id, seniority, queued_at, assigned_at, first_wait_at, waiting_since, last_message_at, last_inbound_at,
        preview, unread, inbound_count, joined_ticket_id, origin, created_at, version)
    SELECT c.id, c.inbox_id, c.identity_id, c.contact_id, c.brand_id, c.team_id, c.ticket_id, c.channel, c.live, c.phase,
        c.agent_id, c.at, CASE WHEN c.phase = 'queued' THEN c.at END, CASE WHEN c.phase = 'served' THEN c.at END,
        CASE WHEN c.waiting THEN c.at END, CASE WHEN c.waiting THEN c.at END, c.at, c.at,
        c.preview, c.inbound, c.inbound, c.joined_ticket_id, c.origin, c.at, c.version
    FROM unnest(conversations) c;
  END IF;

  IF cardinality(tickets) > 0 THEN
    INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, team_id, order_no, linked_to,
        waiting_since, last_message_at, preview, unread, created_at, version)
    SELECT t.id, t.brand_id, t.contact_id, t.subject, 'other', 'new', 2, t.channel, t.team_id, t.order_no, t.linked_to,
        CASE WHEN t.waiting THEN t.at END, t.at, t.preview, t.inbound, t.at, t.version
    FROM unnest(tickets) t;
  END IF;

  IF cardinality(touched) > 0 THEN
    UPDATE conversation v SET
        last_message_at = greatest(v.last_message_at, t.at), last_inbound_at = greatest(v.last_inbound_at, t.at),
        preview = t.preview, unread = v.unread + t.inbound, inbound_count = v.inbound_count + t.inbound,
        waiting_since = CASE WHEN t.waiting THEN coalesce(v.waiting_since, t.at) ELSE v.waiting_since END,
        first_wait_at = CASE WHEN t.waiting THEN coalesce(v.first_wait_at, t.at) ELSE v.first_wait_at END,
        ticket_id = coalesce(t.set_ticket, v.ticket_id), joined_ticket_id = coalesce(t.set_joined, v.joined_ticket_id),
        version = t.version
    FROM unnest(touched) t WHERE v.id = t.id;
  END IF;

  IF cardinality(touched_tickets) > 0 THEN
    UPDATE ticket k SET
        last_message_at = greatest(k.last_message_at, t.at), preview = t.preview, unread = k.unread + t.inbound,
        waiting_since = CASE WHEN t.waiting THEN coalesce(k.waiting_since, t.at) ELSE k.waiting_since END,
        status = coalesce(t.set_status, k.status), repeats = k.repeats + t.reopened::int,
        closed_at = CASE WHEN t.set_status IS NULL THEN k.closed_at ELSE t.closed_at END,
        pending_since = CASE WHEN t.set_status IS NULL THEN k.pending_since END,
        ready = CASE WHEN t.reopened THEN false ELSE k.ready END,
        order_no = coalesce(k.order_no, t.order_no), version = t.version
    FROM unnest(touched_tickets) t WHERE k.id = t.id;
  END IF;

  INSERT INTO message (id, conversation_id, ticket_id, contact_id, identity_id, inbox_id, direction, author, kind, text,
      html, quoted, payload, attachments, external_id, client_id, at, received_at, raw)
  SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, m.inbox_id, 'in',
      'customer:' || m.contact_id, m.kind, m.text, m.html, m.quoted, m.payload, m.attachments, m.external_id,
      m.client_id, m.at, m.received_at, m.raw
  FROM unnest(messages) m;

  IF referenced THEN
    INSERT INTO mail_reference (inbox_id, reference, conversation_id, ticket_id, message_id, outbound)
    SELECT m.inbox_id, m.reference, m.conversation_id, m.ticket_id, m.id, false
    FROM unnest(messages) m WHERE m.reference IS NOT NULL
    ON CONFLICT DO NOTHING;
  END IF;

  IF cardinality(notes) > 0 THEN
    INSERT INTO note (id, ticket_id, action, from_status, to_status, text, typed, actor, evidence, at)
    SELECT n.id, n.ticket_id, n.action, n.from_status, n.to_status, n.text, false, 'customer:' || n.contact_id,
        jsonb_build_object('message_id', n.message_id), n.at
    FROM unnest(notes) n;
  END IF;

  INSERT INTO event_new (at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
      ticket_id, actor, depth, data)
  SELECT e.at, e.kind, 1, e.subject, e.version, e.brand_id, e.team_id, e.agent_id, e.contact_id, e.conversation_id,
      e.ticket_id, 'customer:' || e.contact_id, 0, e.facts
  FROM (
    SELECT 4 * t.n AS place, t.received_at AS at, 'ticket.created' AS kind, t.id AS subject, 1 AS version, t.brand_id,
        t.team_id, NULL::uuid AS agent_id, t.contact_id, NULL::uuid AS conversation_id, t.id AS ticket_id,
        jsonb_build_object('channel', t.channel) AS facts
    FROM unnest(tickets) t
    UNION ALL
    SELECT 4 * n.n + 1, n.received_at, 'ticket.moved', n.ticket_id, n.version, n.brand_id, n.team_id, n.agent_id,
        n.contact_id, NULL, n.ticket_id,
        jsonb_build_object('action', n.action, 'from', n.from_status, 'to', n.to_status)
    FROM unnest(notes) n
    UNION ALL
    SELECT 4 * c.n + 2, c.received_at, 'conversation.started', c.id, 1, c.brand_id, c.born_team, c.agent_id,
        c.contact_id, c.id, c.born_ticket,
        jsonb_build_object('channel', c.channel, 'inbox', c.inbox_id, 'phase', c.phase, 'live', c.live)
    FROM unnest(conversations) c
    UNION ALL
    SELECT 4 * m.n + 3, m.received_at, 'message.received', m.conversation_id, m.version, m.brand_id, m.team_id,
        m.agent_id, m.contact_id, m.conversation_id, m.ticket_id,
        jsonb_build_object('message', m.id, 'kind', m.kind, 'effect', m.effect, 'identity', m.identity_id,
          'inbox', m.inbox_id, 'automatic', m.automatic)
    FROM unnest(messages) m) e
  ORDER BY e.place;
END
$$;
