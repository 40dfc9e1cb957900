-- Intake in two set-based calls (owner: desk/intake). Several statements each, so that every one sees a fresh snapshot;
-- plans are pinned because never-analysed tables make the planner 10 to 200 times slower here.

CREATE TYPE intake_message AS (
  n int, dedupe bytea, keep bool, message_id uuid, at timestamptz, inbox_id uuid, brand_id uuid,
  kind text, rank text, blind bytea, masked text, sealed bytea, scope_inbox uuid, verified bool, authenticated bool,
  identity_id uuid, contact_id uuid, data_key bytea, name text, locale text, link_id uuid,
  reply_conversation uuid, refs bytea[], ticket_number bigint
);

-- Where a ticket went when it was merged into another, and that one perhaps again.
CREATE FUNCTION intake_whole(ticket uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN ticket IS NOT NULL THEN (
    WITH RECURSIVE way AS (
      SELECT t.id, t.merged_into, 1 AS step FROM ticket t WHERE t.id = ticket
      UNION ALL
      SELECT t.id, t.merged_into, w.step + 1 FROM way w JOIN ticket t ON t.id = w.merged_into WHERE w.step < 10
    ) SELECT w.id FROM way w ORDER BY w.step DESC LIMIT 1) END
$$;

-- dedupe → identities → persons, locked → open tickets and conversations. One JSON document back.
CREATE FUNCTION intake_gather(batch intake_message[], received timestamptz) RETURNS json LANGUAGE plpgsql
SET join_collapse_limit = 1 SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  fresh int[];
  identities uuid[];
  inboxes uuid[];
  contacts uuid[];
  numbers int[];
  heads uuid[];
  again uuid[];
  spells uuid[];
  tickets uuid[];
  claims json := '[]';
BEGIN
  WITH kept AS (
    INSERT INTO dedupe_key (key, at, keep, message_id)
    SELECT m.dedupe, received, m.keep, m.message_id FROM unnest(batch) m ORDER BY m.dedupe
    ON CONFLICT DO NOTHING RETURNING message_id
  )
  SELECT coalesce(array_agg(m.n), '{}') INTO fresh FROM unnest(batch) m JOIN kept k ON k.message_id = m.message_id;

  -- Look-ups are laterals with a limit: that is an index look-up for each row whatever the planner knows of the table.
  INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, inbox_id, verified_at, valid_from)
  SELECT DISTINCT ON (m.blind) m.identity_id, m.contact_id, m.kind, m.rank, m.sealed, m.blind, m.masked, m.scope_inbox,
         CASE WHEN m.verified THEN m.at END, m.at
  FROM unnest(batch) m
  WHERE m.n = ANY (fresh)
    AND (SELECT i.id FROM identity i WHERE i.blind = m.blind AND i.valid_to IS NULL LIMIT 1) IS NULL
  ORDER BY m.blind, m.n
  ON CONFLICT (blind) WHERE valid_to IS NULL DO NOTHING;

  -- Who every message is from: arrays in the order of the batch, resolved once.
  SELECT coalesce(array_agg(i.id ORDER BY m.n), '{}'), coalesce(array_agg(i.contact_id ORDER BY m.n), '{}'),
         coalesce(array_agg(m.n ORDER BY m.n), '{}'), coalesce(array_agg(m.inbox_id ORDER BY m.n), '{}')
  INTO identities, contacts, numbers, inboxes
  FROM unnest(batch) m CROSS JOIN LATERAL (
    SELECT x.id, x.contact_id FROM identity x WHERE x.blind = m.blind AND x.valid_to IS NULL LIMIT 1) i
  WHERE m.n = ANY (fresh);

  INSERT INTO contact (id, person_id, name, level, locale, data_key, fields, created_at, version)
  SELECT m.contact_id, m.contact_id, m.name, 0, m.locale, m.data_key, '{}', m.at, 1
  FROM unnest(batch) m JOIN unnest(numbers, identities) k(n, identity) ON k.n = m.n AND k.identity = m.identity_id
  ON CONFLICT DO NOTHING;

  -- The head of a person is the lock of the person. It may move while we wait: then lock the new one and look again.
  LOOP
    SELECT coalesce(array_agg(DISTINCT c.person_id), '{}') INTO heads FROM contact c WHERE c.id = ANY (contacts);
    PERFORM FROM contact c WHERE c.id = ANY (heads) ORDER BY c.id FOR NO KEY UPDATE;
    SELECT coalesce(array_agg(DISTINCT c.person_id), '{}') INTO again FROM contact c WHERE c.id = ANY (contacts);
    EXIT WHEN again <@ heads;
  END LOOP;

  -- An address a visitor typed and that now wrote to us by itself: a claimed link, shown 未验证, reversible.
  IF EXISTS (SELECT FROM unnest(batch) m JOIN claim k ON k.blind = m.blind WHERE m.authenticated AND m.n = ANY (fresh)) THEN
    claims := intake_claims(batch, fresh, received);
    SELECT coalesce(array_agg(DISTINCT c.person_id), '{}') INTO heads FROM contact c WHERE c.id = ANY (contacts);
  END IF;

  SELECT coalesce(array_agg(t.id), '{}') INTO tickets
  FROM unnest(heads) h(id)
  CROSS JOIN LATERAL (SELECT c.id FROM contact c WHERE c.person_id = h.id OFFSET 0) c
  CROSS JOIN LATERAL (
    SELECT k.id FROM ticket k WHERE k.contact_id = c.id AND k.merged_into IS NULL
      AND (k.status IN ('new', 'open', 'pending') OR k.closed_at > received - interval '31 days')
    ORDER BY k.id DESC LIMIT 40) t;
  SELECT coalesce(array_agg(v.id), '{}') INTO spells
  FROM (SELECT DISTINCT u.id, u.inbox_id FROM unnest(identities, inboxes) u(id, inbox_id)) u
  CROSS JOIN LATERAL (
    (SELECT o.id FROM conversation o WHERE o.identity_id = u.id AND o.inbox_id = u.inbox_id AND o.phase <> 'ended' LIMIT 1)
    UNION ALL
    (SELECT o.id FROM conversation o WHERE o.identity_id = u.id AND o.inbox_id = u.inbox_id AND o.phase = 'ended'
     ORDER BY o.id DESC LIMIT 1)) v;
  PERFORM FROM conversation v WHERE v.id = ANY (spells) ORDER BY v.id FOR NO KEY UPDATE;
  PERFORM FROM ticket t WHERE t.id = ANY (tickets) ORDER BY t.id FOR NO KEY UPDATE;

  RETURN json_build_object(
    'senders', (SELECT coalesce(json_agg(json_build_object('n', m.n, 'fresh', k.n IS NOT NULL,
        'message_id', CASE WHEN k.n IS NOT NULL THEN m.message_id
                           ELSE (SELECT d.message_id FROM dedupe_key d WHERE d.key = m.dedupe) END,
        'identity_id', k.identity, 'contact_id', k.contact,
        'person_id', (SELECT c.person_id FROM contact c WHERE c.id = k.contact),
        'new_contact', coalesce(m.identity_id = k.identity, false)) ORDER BY m.n), '[]')
      FROM unnest(batch) m LEFT JOIN unnest(numbers, identities, contacts) k(n, identity, contact) ON k.n = m.n),
    'conversations', (SELECT coalesce(json_agg(json_build_object('id', v.id, 'identity_id', v.identity_id,
        'inbox_id', v.inbox_id, 'contact_id', v.contact_id,
        'person_id', (SELECT c.person_id FROM contact c WHERE c.id = v.contact_id),
        'ticket_id', coalesce((SELECT intake_whole(k.merged_into) FROM ticket k
          WHERE k.id = v.ticket_id AND k.merged_into IS NOT NULL), v.ticket_id),
        'phase', v.phase, 'live', v.live, 'agent_id', v.agent_id, 'version', v.version,
        'last_message_at', v.last_message_at, 'ended_at', v.ended_at) ORDER BY v.id), '[]')
      FROM conversation v WHERE v.id = ANY (spells)),
    'tickets', (SELECT coalesce(json_agg(json_build_object('id', t.id, 'brand_id', t.brand_id,
        'contact_id', t.contact_id, 'person_id', (SELECT c.person_id FROM contact c WHERE c.id = t.contact_id),
        'status', t.status, 'type', t.type,
        'type_sure', t.type_sure, 'agent_id', t.agent_id, 'team_id', t.team_id, 'order_no', t.order_no,
        'last_message_at', t.last_message_at, 'closed_at', t.closed_at, 'version', t.version)), '[]')
      FROM ticket t WHERE t.id = ANY (tickets)),
    'references', (SELECT coalesce(json_agg(json_build_object('n', x.n, 'conversation_id', x.conversation_id,
        'ticket_id', x.ticket_id, 'person_id', x.person_id, 'outbound', x.outbound) ORDER BY x.n, x.ord), '[]')
      FROM intake_pointers(batch, fresh) x),
    'links', claims);
END
$$;

-- What a message points to: its signed token first, then its references nearest first, then a number in the subject.
CREATE FUNCTION intake_pointers(batch intake_message[], fresh int[])
RETURNS TABLE (n int, ord bigint, conversation_id uuid, ticket_id uuid, person_id uuid, outbound bool)
LANGUAGE sql STABLE AS $$
  SELECT m.n, 0::bigint, v.id, intake_whole(v.ticket_id), c.person_id, true
  FROM unnest(batch) m JOIN conversation v ON v.id = m.reply_conversation JOIN contact c ON c.id = v.contact_id
  WHERE m.n = ANY (fresh)
  UNION ALL
  SELECT m.n, r.ord, f.conversation_id, intake_whole(f.ticket_id), c.person_id, f.outbound
  FROM unnest(batch) m CROSS JOIN LATERAL unnest(m.refs) WITH ORDINALITY r(reference, ord)
  JOIN mail_reference f ON f.inbox_id = m.inbox_id AND f.reference = r.reference
  JOIN conversation v ON v.id = f.conversation_id JOIN contact c ON c.id = v.contact_id
  WHERE m.n = ANY (fresh)
  UNION ALL
  SELECT m.n, 1000000, NULL::uuid, intake_whole(t.id), c.person_id, false
  FROM unnest(batch) m JOIN ticket t ON t.number = m.ticket_number JOIN contact c ON c.id = t.contact_id
  WHERE m.n = ANY (fresh) AND m.ticket_number IS NOT NULL
$$;

CREATE FUNCTION intake_claims(batch intake_message[], fresh int[], received timestamptz) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  made json;
  pair record;
  heads uuid[];
  head uuid;
BEGIN
  -- Heads of both sides are locked together and in order; a batch that meets another waits, it does not deadlock.
  SELECT array_agg(DISTINCT c.person_id) INTO heads
  FROM unnest(batch) m JOIN claim k ON k.blind = m.blind JOIN identity i ON i.blind = m.blind AND i.valid_to IS NULL
  JOIN contact c ON c.id IN (k.contact_id, i.contact_id)
  WHERE m.authenticated AND m.n = ANY (fresh);
  PERFORM FROM contact c WHERE c.id = ANY (heads) ORDER BY c.id FOR NO KEY UPDATE;
  WITH wanted AS (
    SELECT DISTINCT ON (k.contact_id, i.contact_id) m.link_id, k.contact_id AS a, i.contact_id AS b, k.masked, k.kind
    FROM unnest(batch) m JOIN claim k ON k.blind = m.blind JOIN identity i ON i.blind = m.blind AND i.valid_to IS NULL
    WHERE m.authenticated AND m.n = ANY (fresh) AND k.contact_id <> i.contact_id
      AND k.contact_id = (SELECT z.contact_id FROM claim z WHERE z.blind = m.blind ORDER BY z.at DESC LIMIT 1)
      AND NOT EXISTS (SELECT FROM link l WHERE (l.a_contact, l.b_contact) IN ((k.contact_id, i.contact_id),
                                                                            (i.contact_id, k.contact_id)))
  ), inserted AS (
    INSERT INTO link (id, a_contact, b_contact, strength, evidence, actor, at)
    SELECT link_id, a, b, 'claimed', jsonb_build_object('kind', kind, 'address', masked), 'system', received FROM wanted
    RETURNING id, a_contact, b_contact
  )
  SELECT json_agg(json_build_object('id', id, 'a_contact', a_contact, 'b_contact', b_contact)) INTO made FROM inserted;
  FOR pair IN SELECT (x->>'a_contact')::uuid AS a, (x->>'b_contact')::uuid AS b FROM json_array_elements(made) x LOOP
    SELECT min(c.person_id::text)::uuid, array_agg(DISTINCT c.person_id) INTO head, heads
    FROM contact c WHERE c.id IN (pair.a, pair.b);
    UPDATE contact SET person_id = head, version = version + 1
    WHERE person_id = ANY (heads) AND person_id <> head;
  END LOOP;
  RETURN (SELECT coalesce(json_agg(json_build_object('id', x->>'id', 'a_contact', x->>'a_contact',
            'b_contact', x->>'b_contact', 'person_id', c.person_id)), '[]')
          FROM json_array_elements(made) x JOIN contact c ON c.id = (x->>'a_contact')::uuid);
END
$$;

CREATE TYPE intake_conversation AS (
  id uuid, inbox_id uuid, identity_id uuid, contact_id uuid, brand_id uuid, team_id uuid, ticket_id uuid, channel text,
  live bool, phase text, agent_id uuid, at timestamptz, preview text, inbound int, waiting bool,
  joined_ticket_id uuid, origin jsonb, version int
);
CREATE TYPE intake_ticket AS (
  id uuid, brand_id uuid, contact_id uuid, subject text, type text, priority smallint, channel text, team_id uuid,
  order_no text, linked_to uuid, at timestamptz, preview text, inbound int, waiting bool, version int
);
-- `set_*` null leaves the column as it is.
CREATE TYPE intake_touch AS (
  id uuid, at timestamptz, preview text, inbound int, waiting bool, set_ticket uuid, set_joined uuid, version int
);
CREATE TYPE intake_ticket_touch AS (
  id uuid, at timestamptz, preview text, inbound int, waiting bool, set_status text, closed_at timestamptz,
  reopened bool, order_no text, version int
);
CREATE TYPE intake_row AS (
  id uuid, conversation_id uuid, ticket_id uuid, contact_id uuid, identity_id uuid, inbox_id uuid, author text, kind text,
  text text, html text, quoted text, payload jsonb, attachments jsonb, external_id text, client_id text,
  at timestamptz, received_at timestamptz, raw text, reference bytea
);
CREATE TYPE intake_note AS (
  id uuid, ticket_id uuid, conversation_id uuid, action text, from_status text, to_status text, text text, actor text,
  evidence jsonb, at timestamptz
);
CREATE TYPE intake_event AS (
  at timestamptz, kind text, subject uuid, subject_version int, brand_id uuid, team_id uuid, agent_id uuid,
  contact_id uuid, conversation_id uuid, ticket_id uuid, actor text, data jsonb
);

CREATE FUNCTION intake_write(conversations intake_conversation[], tickets intake_ticket[], touched intake_touch[],
    touched_tickets intake_ticket_touch[], messages intake_row[], notes intake_note[], events intake_event[])
RETURNS void LANGUAGE plpgsql
SET join_collapse_limit = 1 SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live, phase,
      agent_id, seniority, queued_at, assigned_at, first_wait_at, waiting_since, last_message_at, last_inbound_at, preview,
      unread, inbound_count, joined_ticket_id, origin, created_at, version)
  SELECT c.id, c.inbox_id, c.identity_id, c.contact_id, c.brand_id, c.team_id, c.ticket_id, c.channel, c.live, c.phase,
      c.agent_id, c.at, CASE WHEN c.phase = 'queued' THEN c.at END, CASE WHEN c.phase = 'served' THEN c.at END,
      CASE WHEN c.waiting THEN c.at END, CASE WHEN c.waiting THEN c.at END, c.at, c.at, c.preview,
      c.inbound, c.inbound, c.joined_ticket_id, c.origin, c.at, c.version
  FROM unnest(conversations) c;

  INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, team_id, order_no, linked_to,
      waiting_since, last_message_at, preview, unread, created_at, version)
  SELECT t.id, t.brand_id, t.contact_id, t.subject, t.type, 'new', t.priority, t.channel, t.team_id, t.order_no, t.linked_to,
      CASE WHEN t.waiting THEN t.at END, t.at, t.preview, t.inbound, t.at, t.version
  FROM unnest(tickets) t;

  UPDATE conversation v SET
      last_message_at = greatest(v.last_message_at, t.at), last_inbound_at = greatest(v.last_inbound_at, t.at),
      preview = t.preview, unread = v.unread + t.inbound, inbound_count = v.inbound_count + t.inbound,
      waiting_since = CASE WHEN t.waiting THEN coalesce(v.waiting_since, t.at) ELSE v.waiting_since END,
      first_wait_at = CASE WHEN t.waiting THEN coalesce(v.first_wait_at, t.at) ELSE v.first_wait_at END,
      ticket_id = coalesce(t.set_ticket, v.ticket_id), joined_ticket_id = coalesce(t.set_joined, v.joined_ticket_id),
      version = t.version
  FROM unnest(touched) t WHERE v.id = t.id;

  UPDATE ticket k SET
      last_message_at = greatest(k.last_message_at, t.at), preview = t.preview, unread = k.unread + t.inbound,
      waiting_since = CASE WHEN t.waiting THEN coalesce(k.waiting_since, t.at) ELSE k.waiting_since END,
      status = coalesce(t.set_status, k.status), repeats = k.repeats + t.reopened::int,
      closed_at = CASE WHEN t.set_status IS NULL THEN k.closed_at ELSE t.closed_at END,
      pending_since = CASE WHEN t.set_status IS NULL THEN k.pending_since END,
      ready = CASE WHEN t.reopened THEN false ELSE k.ready END,
      order_no = coalesce(k.order_no, t.order_no), version = t.version
  FROM unnest(touched_tickets) t WHERE k.id = t.id;

  INSERT INTO message (id, conversation_id, ticket_id, contact_id, identity_id, inbox_id, direction, author, kind, text,
      html, quoted, payload, attachments, external_id, client_id, at, received_at, raw)
  SELECT m.id, m.conversation_id, m.ticket_id, m.contact_id, m.identity_id, m.inbox_id, 'in', m.author, m.kind, m.text,
      m.html, m.quoted, m.payload, m.attachments, m.external_id, m.client_id, m.at, m.received_at, m.raw
  FROM unnest(messages) m;

  INSERT INTO mail_reference (inbox_id, reference, conversation_id, ticket_id, message_id, outbound)
  SELECT m.inbox_id, m.reference, m.conversation_id, m.ticket_id, m.id, false
  FROM unnest(messages) m WHERE m.reference IS NOT NULL
  ON CONFLICT DO NOTHING;

  INSERT INTO note (id, ticket_id, conversation_id, action, from_status, to_status, text, typed, actor, evidence, at)
  SELECT n.id, n.ticket_id, n.conversation_id, n.action, n.from_status, n.to_status, n.text, false, n.actor, n.evidence, n.at
  FROM unnest(notes) n;

  INSERT INTO event_new (at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
      ticket_id, actor, depth, data)
  SELECT e.at, e.kind, 1, e.subject, e.subject_version, e.brand_id, e.team_id, e.agent_id, e.contact_id, e.conversation_id,
      e.ticket_id, e.actor, 0, e.data
  FROM unnest(events) e;
END
$$;
