-- What the database knows of the senders of a batch, locked (owner: desk/intake). Several statements, so that every one
-- sees a fresh snapshot; plans are pinned because never-analysed tables make the planner 10 to 200 times slower here.
-- Look-ups are laterals with a limit, that is an index look-up for each row whatever the planner knows of the table;
-- what belongs together lies in arrays of one order, because joining them by nested loops is quadratic.

-- Where a ticket went when it was merged into another, and that one perhaps again.
CREATE OR REPLACE FUNCTION intake_whole(ticket uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN ticket IS NOT NULL THEN (
    WITH RECURSIVE way AS (
      SELECT t.id, t.merged_into, 1 AS step FROM ticket t WHERE t.id = ticket
      UNION ALL
      SELECT t.id, t.merged_into, w.step + 1 FROM way w JOIN ticket t ON t.id = w.merged_into WHERE w.step < 10
    ) SELECT w.id FROM way w ORDER BY w.step DESC LIMIT 1) END
$$;

-- What a message points to: its signed token first, then its references nearest first, then a number in the subject.
CREATE OR REPLACE FUNCTION intake_pointed(pointers intake_pointer[])
RETURNS TABLE (n int, ord bigint, ticket_id uuid, person_id uuid) LANGUAGE sql STABLE AS $$
  SELECT p.n, 0::bigint, intake_whole(v.ticket_id), c.person_id
  FROM unnest(pointers) p JOIN conversation v ON v.id = p.reply_conversation JOIN contact c ON c.id = v.contact_id
  UNION ALL
  SELECT p.n, r.ord, intake_whole(f.ticket_id), c.person_id
  FROM unnest(pointers) p CROSS JOIN LATERAL unnest(p.refs) WITH ORDINALITY r(reference, ord)
  JOIN mail_reference f ON f.inbox_id = p.inbox_id AND f.reference = r.reference
  JOIN conversation v ON v.id = f.conversation_id JOIN contact c ON c.id = v.contact_id
  UNION ALL
  SELECT p.n, 1000000, intake_whole(t.id), c.person_id
  FROM unnest(pointers) p JOIN ticket t ON t.number = p.ticket_number JOIN contact c ON c.id = t.contact_id
  WHERE p.ticket_number IS NOT NULL
$$;

-- An address a visitor typed and that now wrote to us by itself: a claimed link, shown 未验证, reversible.
CREATE OR REPLACE FUNCTION intake_claims(vouched intake_voucher[], received timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  links uuid[];
  ones uuid[];
  others uuid[];
  reasons jsonb[];
BEGIN
  SELECT array_agg(w.link_id), array_agg(w.a), array_agg(w.b), array_agg(w.reason) INTO links, ones, others, reasons
  FROM (
    SELECT DISTINCT ON (k.contact_id, i.contact_id) m.link_id, k.contact_id AS a, i.contact_id AS b,
           jsonb_build_object('kind', k.kind, 'address', k.masked) AS reason
    FROM unnest(vouched) m JOIN claim k ON k.blind = m.blind JOIN identity i ON i.blind = m.blind AND i.valid_to IS NULL
    WHERE k.contact_id <> i.contact_id
      AND k.contact_id = (SELECT z.contact_id FROM claim z WHERE z.blind = m.blind ORDER BY z.at DESC LIMIT 1)
      -- Numbers change hands and are shared: only one that was verified lately, and that nobody else says is his.
      AND (k.kind <> 'phone' OR (i.kind = 'phone'
        AND i.verified_at > received - make_interval(days => identity_fresh_days('phone'))
        AND NOT EXISTS (SELECT FROM claim z JOIN contact p ON p.id = z.contact_id JOIN contact o ON o.id = k.contact_id
                        WHERE z.blind = m.blind AND p.person_id <> o.person_id AND z.contact_id <> i.contact_id)))
  ) w;
  IF links IS NOT NULL THEN
    INSERT INTO event_new (at, kind, v, subject, subject_version, contact_id, actor, depth, data)
    SELECT received, 'contact.linked', 1, l.one, l.version, l.one, 'system', 0,
           jsonb_build_object('link', l.link_id, 'other', l.other, 'strength', 'claimed')
    FROM contact_link(links, ones, others, reasons, 'claimed', 'system', received, false) l WHERE l.outcome = 'made';
  END IF;
END
$$;

-- The heads of the persons these contacts belong to, in the same order; null for none.
CREATE OR REPLACE FUNCTION intake_heads(contacts uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  heads uuid[];
BEGIN
  SELECT array_agg(c.person_id ORDER BY k.n) INTO heads FROM unnest(contacts) WITH ORDINALITY k(id, n)
  CROSS JOIN LATERAL (SELECT x.person_id FROM contact x WHERE x.id = k.id LIMIT 1) c;
  RETURN heads;
END
$$;

-- Rows held until the transaction ends, as they are then. Who is hasty gets those alone that nobody else holds just now.
CREATE OR REPLACE FUNCTION intake_conversations(ids uuid[], hasty bool) RETURNS SETOF conversation LANGUAGE plpgsql AS $$
BEGIN
  IF hasty THEN
    RETURN QUERY SELECT * FROM conversation c WHERE c.id = ANY (ids) ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED;
  ELSE
    RETURN QUERY SELECT * FROM conversation c WHERE c.id = ANY (ids) ORDER BY c.id FOR NO KEY UPDATE;
  END IF;
END
$$;
CREATE OR REPLACE FUNCTION intake_tickets(ids uuid[], hasty bool) RETURNS SETOF ticket LANGUAGE plpgsql AS $$
BEGIN
  IF hasty THEN
    RETURN QUERY SELECT * FROM ticket t WHERE t.id = ANY (ids) ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED;
  ELSE
    RETURN QUERY SELECT * FROM ticket t WHERE t.id = ANY (ids) ORDER BY t.id FOR NO KEY UPDATE;
  END IF;
END
$$;

DROP FUNCTION IF EXISTS intake_gather(intake_arrival[], intake_sender[], bool, intake_pointer[], intake_voucher[], timestamptz);

-- dedupe → identities → persons, locked → open conversations and tickets, locked. `repeated` are the ordinals of arrivals
-- that came before, `repeated_ids` what they are known as; identities and contacts are in the order of the senders, null
-- for one that is neither known nor described; every other array group is in an order of its own.
-- `strangers` says that some senders are described. A hasty batch does not wait for conversations and tickets that are
-- held elsewhere: it is told of whom they are, and stores nothing of these.
CREATE OR REPLACE FUNCTION intake_gather(
  arrivals intake_arrival[], senders intake_sender[], strangers bool, pointers intake_pointer[],
  vouched intake_voucher[], received timestamptz, hasty bool,
  OUT repeated bigint[], OUT repeated_ids uuid[], OUT identities uuid[], OUT contacts uuid[],
  OUT known uuid[], OUT persons uuid[],
  OUT v_id uuid[], OUT v_identity uuid[], OUT v_inbox uuid[], OUT v_contact uuid[], OUT v_ticket uuid[],
  OUT v_phase text[], OUT v_live bool[], OUT v_agent uuid[], OUT v_version int[],
  OUT t_found uuid[], OUT t_person uuid[],
  OUT t_id uuid[], OUT t_brand uuid[], OUT t_contact uuid[], OUT t_status text[], OUT t_type text[], OUT t_agent uuid[],
  OUT t_team uuid[], OUT t_order text[], OUT t_last timestamptz[], OUT t_closed timestamptz[], OUT t_version int[],
  OUT p_n int[], OUT p_ticket uuid[], OUT p_person uuid[],
  OUT late_identities uuid[], OUT late_persons uuid[]
) LANGUAGE plpgsql
SET join_collapse_limit = 1 SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  stored int;
  alive int[];
  made bool[];
  inboxes uuid[];
  linked bool;
  locked uuid[];
  heads uuid[];
  spells uuid[];
BEGIN
  INSERT INTO dedupe_key (key, at, keep, message_id)
  SELECT m.dedupe, received, m.keep, m.id FROM unnest(arrivals) m ORDER BY m.dedupe
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS stored = ROW_COUNT;
  IF stored < cardinality(arrivals) THEN
    SELECT array_agg(m.n), array_agg(d.message_id) INTO repeated, repeated_ids
    FROM unnest(arrivals) WITH ORDINALITY m(dedupe, keep, id, sender, n)
    CROSS JOIN LATERAL (SELECT k.message_id FROM dedupe_key k WHERE k.key = m.dedupe LIMIT 1) d
    WHERE d.message_id <> m.id;
    -- Who only said what we have makes nobody new.
    SELECT array_agg(DISTINCT m.sender) INTO alive
    FROM unnest(arrivals) WITH ORDINALITY m(dedupe, keep, id, sender, n) WHERE m.n <> ALL (repeated);
    alive := coalesce(alive, '{}');
    vouched := ARRAY(SELECT m FROM unnest(vouched) m WHERE m.n <> ALL (repeated));
  END IF;

  IF strangers THEN
    INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, inbox_id, verified_at, valid_from)
    SELECT s.identity_id, s.contact_id, s.kind, s.rank, s.sealed, s.blind, s.masked, s.scope_inbox,
           CASE WHEN s.verified THEN s.at END, s.at
    FROM unnest(senders) WITH ORDINALITY s(blind, inbox_id, identity_id, contact_id, kind, rank, sealed, masked,
      scope_inbox, verified, at, received_at, data_key, name, locale, brand_id, channel, n)
    WHERE s.identity_id IS NOT NULL AND (alive IS NULL OR s.n = ANY (alive))
    ORDER BY s.blind
    ON CONFLICT (blind) WHERE valid_to IS NULL DO NOTHING;
  END IF;

  -- In the order of the senders, said to each aggregate: a planner may sort what it reads for one of them.
  SELECT array_agg(i.id ORDER BY i.n), array_agg(i.contact_id ORDER BY i.n), array_agg(i.inbox_id ORDER BY i.n),
         array_agg(i.made ORDER BY i.n), array_agg(i.person_id ORDER BY i.n) FILTER (WHERE i.person_id IS NOT NULL),
         bool_or(i.person_id <> i.contact_id)
  INTO identities, contacts, inboxes, made, heads, linked
  FROM (
    SELECT s.n, i.id, i.contact_id, i.person_id, s.inbox_id, coalesce(i.id = s.identity_id, false) AS made
    FROM unnest(senders) WITH ORDINALITY s(blind, inbox_id, identity_id, contact_id, kind, rank, sealed, masked,
      scope_inbox, verified, at, received_at, data_key, name, locale, brand_id, channel, n)
    LEFT JOIN LATERAL (
      SELECT x.id, x.contact_id, (SELECT c.person_id FROM contact c WHERE c.id = x.contact_id) AS person_id
      FROM identity x WHERE x.blind = s.blind AND x.valid_to IS NULL LIMIT 1) i ON true) i;

  IF true = ANY (made) THEN
    INSERT INTO contact (id, person_id, name, level, locale, data_key, fields, created_at, version)
    SELECT s.contact_id, s.contact_id, s.name, 0, s.locale, s.data_key, '{}', s.at, 1
    FROM unnest(senders, made) s(blind, inbox_id, identity_id, contact_id, kind, rank, sealed, masked,
      scope_inbox, verified, at, received_at, data_key, name, locale, brand_id, channel, made) WHERE s.made;
    INSERT INTO event_new (at, kind, v, subject, subject_version, brand_id, contact_id, actor, depth, data)
    SELECT s.received_at, 'contact.created', 1, s.contact_id, 1, s.brand_id, s.contact_id, 'customer:' || s.contact_id, 0,
           jsonb_build_object('channel', s.channel)
    FROM unnest(senders, made) s(blind, inbox_id, identity_id, contact_id, kind, rank, sealed, masked,
      scope_inbox, verified, at, received_at, data_key, name, locale, brand_id, channel, made) WHERE s.made;
  END IF;

  -- The head of a person is the lock of the person. Whom this transaction made nobody else can see yet. A head may move
  -- while we wait: what was locked is read as it is now, and says so unless several belong to one person.
  known := ARRAY(SELECT DISTINCT k.contact FROM unnest(contacts, made) k(contact, made)
                 WHERE k.contact IS NOT NULL AND NOT k.made ORDER BY k.contact);
  IF heads IS NOT NULL THEN
    SELECT array_agg(c.id), array_agg(c.person_id) INTO locked, persons
    FROM (SELECT c.id, c.person_id FROM contact c WHERE c.id = ANY (heads) ORDER BY c.id FOR NO KEY UPDATE) c;
    IF linked OR persons IS DISTINCT FROM locked OR locked IS DISTINCT FROM known THEN
      persons := intake_heads(known);
      WHILE NOT persons <@ locked LOOP
        PERFORM FROM contact c WHERE c.id = ANY (persons) ORDER BY c.id FOR NO KEY UPDATE;
        locked := persons;
        persons := intake_heads(known);
      END LOOP;
    END IF;
  END IF;

  IF cardinality(vouched) > 0 AND EXISTS (SELECT FROM unnest(vouched) m JOIN claim k ON k.blind = m.blind) THEN
    PERFORM intake_claims(vouched, received);
    known := ARRAY(SELECT DISTINCT k.contact FROM unnest(contacts) k(contact) WHERE k.contact IS NOT NULL);
    persons := intake_heads(known);
  END IF;

  SELECT array_agg(t.id), array_agg(t.person) INTO t_found, t_person
  FROM (
    SELECT k.id, h.id AS person
    FROM (SELECT DISTINCT p.id FROM unnest(persons) p(id)) h
    CROSS JOIN LATERAL (SELECT c.id FROM contact c WHERE c.person_id = h.id OFFSET 0) c
    CROSS JOIN LATERAL (
      SELECT k.id FROM ticket k WHERE k.contact_id = c.id AND k.merged_into IS NULL AND k.parent_id IS NULL  -- sub-tasks are ours, not his
        AND (k.status IN ('new', 'open', 'pending') OR k.closed_at > received - interval '31 days')
      ORDER BY k.id DESC LIMIT 40) k) t;
  SELECT array_agg(x.id) INTO spells
  FROM unnest(identities, inboxes, made) u(id, inbox_id, made)
  CROSS JOIN LATERAL (SELECT coalesce(
    (SELECT o.id FROM conversation o WHERE o.identity_id = u.id AND o.inbox_id = u.inbox_id AND o.phase <> 'ended' LIMIT 1),
    (SELECT o.id FROM conversation o WHERE o.identity_id = u.id AND o.inbox_id = u.inbox_id AND o.phase = 'ended'
     ORDER BY o.id DESC LIMIT 1)) AS id) x
  WHERE NOT u.made AND x.id IS NOT NULL;

  IF spells IS NOT NULL THEN
    SELECT array_agg(v.id), array_agg(v.identity_id), array_agg(v.inbox_id), array_agg(v.contact_id),
           array_agg(CASE WHEN v.ticket_id = ANY (t_found) THEN v.ticket_id ELSE coalesce((
             SELECT intake_whole(k.merged_into) FROM ticket k WHERE k.id = v.ticket_id AND k.merged_into IS NOT NULL),
             v.ticket_id) END),
           array_agg(v.phase), array_agg(v.live), array_agg(v.agent_id), array_agg(v.version)
    INTO v_id, v_identity, v_inbox, v_contact, v_ticket, v_phase, v_live, v_agent, v_version
    FROM intake_conversations(spells, hasty) v;
    IF hasty AND coalesce(cardinality(v_id), 0) < cardinality(spells) THEN
      SELECT array_agg(c.identity_id) INTO late_identities
      FROM conversation c WHERE c.id = ANY (spells) AND c.id <> ALL (coalesce(v_id, '{}'));
    END IF;
  END IF;
  IF t_found IS NOT NULL THEN
    SELECT array_agg(t.id), array_agg(t.brand_id), array_agg(t.contact_id), array_agg(t.status), array_agg(t.type),
           array_agg(t.agent_id), array_agg(t.team_id), array_agg(t.order_no), array_agg(t.last_message_at),
           array_agg(t.closed_at), array_agg(t.version)
    INTO t_id, t_brand, t_contact, t_status, t_type, t_agent, t_team, t_order, t_last, t_closed, t_version
    FROM intake_tickets(t_found, hasty) t;
    IF hasty AND coalesce(cardinality(t_id), 0) < cardinality(t_found) THEN
      SELECT array_agg(f.person) INTO late_persons
      FROM unnest(t_found, t_person) f(id, person) WHERE f.id <> ALL (coalesce(t_id, '{}'));
    END IF;
  END IF;
  IF cardinality(pointers) > 0 THEN
    SELECT array_agg(x.n), array_agg(x.ticket_id), array_agg(x.person_id) INTO p_n, p_ticket, p_person
    FROM (SELECT * FROM intake_pointed(pointers) ORDER BY n, ord) x;
  END IF;
END
$$;
