-- The one place where two contacts become one person (owner: records/contacts; intake links by it too). Groups are
-- guarded by their heads: whoever links or takes apart holds the heads of both sides, locked in the order of ids.

-- The heads of the persons these contacts belong to, locked. A head may move while we wait for it: then all are let go
-- and we look again, for locking the new one on top of the old would be out of order.
CREATE OR REPLACE FUNCTION contact_heads(contacts uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  heads uuid[];
  locked uuid[];
BEGIN
  LOOP
    BEGIN
      locked := ARRAY(SELECT c.id FROM contact c
                      WHERE c.id = ANY (ARRAY(SELECT k.person_id FROM contact k WHERE k.id = ANY (contacts)))
                      ORDER BY c.id FOR NO KEY UPDATE);
      heads := ARRAY(SELECT DISTINCT k.person_id FROM contact k WHERE k.id = ANY (contacts));
      IF heads <@ locked THEN
        RETURN heads;
      END IF;
      RAISE SQLSTATE 'YZ001';  -- ends this block, and with it its locks
    EXCEPTION WHEN SQLSTATE 'YZ001' THEN
      NULL;
    END;
  END LOOP;
END
$$;

-- Whether two persons have an identity card each, and none of them of both: they are two for ever.
CREATE OR REPLACE FUNCTION contact_cards_differ(one uuid, other uuid) RETURNS bool LANGUAGE sql STABLE AS $$
  WITH card AS (
    SELECT c.person_id, i.blind FROM contact c JOIN identity i ON i.contact_id = c.id
    WHERE c.person_id IN (one, other) AND i.kind = 'id_card' AND i.valid_to IS NULL)
  SELECT EXISTS (SELECT FROM card WHERE person_id = one) AND EXISTS (SELECT FROM card WHERE person_id = other)
     AND NOT EXISTS (SELECT FROM card a JOIN card b USING (blind) WHERE a.person_id = one AND b.person_id = other)
$$;

-- Which of these pairs are linked, or were (where that counts as well), or stand twice among them.
CREATE OR REPLACE FUNCTION contact_linked(ones uuid[], others uuid[], ended bool) RETURNS bool[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(
    EXISTS (SELECT FROM link l WHERE l.a_contact = p.a AND l.b_contact = p.b AND (ended OR l.ended_at IS NULL))
    OR EXISTS (SELECT FROM link l WHERE l.a_contact = p.b AND l.b_contact = p.a AND (ended OR l.ended_at IS NULL))
    OR p.before > 1 ORDER BY p.n)
  FROM (SELECT u.a, u.b, u.n, row_number() OVER (PARTITION BY least(u.a, u.b), greatest(u.a, u.b) ORDER BY u.n) AS before
        FROM unnest(ones, others) WITH ORDINALITY u(a, b, n)) p
$$;

DROP FUNCTION IF EXISTS contact_link(uuid[], uuid[], uuid[], jsonb[], text, text, timestamptz, bool);

-- Links pairs one after the other, as far as they may be. `outcome` is made; known, where the link holds already, or was
-- undone and is not to be made `again`; or cards, where the two have different identity cards. `version` is that of one.
CREATE OR REPLACE FUNCTION contact_link(
  ids uuid[], ones uuid[], others uuid[], reasons jsonb[], how text, who text, since timestamptz, again bool
) RETURNS TABLE (link_id uuid, one uuid, other uuid, outcome text, version int) LANGUAGE plpgsql AS $$
DECLARE
  known bool[];
  refused bool[] := array_fill(false, ARRAY[cardinality(ids)]);
  heads uuid[];
  carded uuid[];
  left_head uuid;
  right_head uuid;
BEGIN
  IF NOT again THEN  -- what was linked once stays known: for these nobody has to wait
    known := contact_linked(ones, others, true);
  END IF;
  heads := contact_heads(ARRAY(
    SELECT unnest(ARRAY[u.a, u.b]) FROM unnest(ones, others, known) u(a, b, known) WHERE u.known IS NOT TRUE));
  known := contact_linked(ones, others, NOT again);
  carded := ARRAY(SELECT c.person_id FROM contact c JOIN identity i ON i.contact_id = c.id
                  WHERE c.person_id = ANY (heads) AND i.kind = 'id_card' AND i.valid_to IS NULL);
  FOR n IN 1 .. coalesce(cardinality(ids), 0) LOOP
    CONTINUE WHEN known[n];
    SELECT a.person_id, b.person_id INTO left_head, right_head FROM contact a, contact b WHERE a.id = ones[n] AND b.id = others[n];
    CONTINUE WHEN left_head = right_head;
    refused[n] := ARRAY[left_head, right_head] <@ carded AND contact_cards_differ(left_head, right_head);
    CONTINUE WHEN refused[n];
    UPDATE contact c SET person_id = least(left_head, right_head), version = c.version + 1
    WHERE c.person_id = greatest(left_head, right_head);
    IF right_head = ANY (carded) OR left_head = ANY (carded) THEN
      carded := carded || least(left_head, right_head);
    END IF;
  END LOOP;
  INSERT INTO link (id, a_contact, b_contact, strength, evidence, actor, at)
  SELECT u.id, u.a, u.b, how, u.reason, who, since
  FROM unnest(ids, ones, others, reasons, known, refused) u(id, a, b, reason, known, refused) WHERE NOT u.known AND NOT u.refused;
  RETURN QUERY
  SELECT u.id, u.a, u.b, CASE WHEN u.known THEN 'known' WHEN u.refused THEN 'cards' ELSE 'made' END, c.version
  FROM unnest(ids, ones, others, known, refused) WITH ORDINALITY u(id, a, b, known, refused, n)
  JOIN contact c ON c.id = u.a ORDER BY u.n;
END
$$;
