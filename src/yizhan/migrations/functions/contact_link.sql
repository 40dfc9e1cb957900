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

-- Links pairs one after the other, as far as they may be. `outcome` is made; known, where the link holds already, or was
-- undone and is not to be made `again`; or cards, where the two have different identity cards.
CREATE OR REPLACE FUNCTION contact_link(
  ids uuid[], ones uuid[], others uuid[], reasons jsonb[], how text, who text, since timestamptz, again bool
) RETURNS TABLE (link_id uuid, one uuid, other uuid, outcome text) LANGUAGE plpgsql AS $$
DECLARE
  reason jsonb;
  left_head uuid;
  right_head uuid;
BEGIN
  PERFORM contact_heads(ones || others);
  FOR link_id, one, other, reason IN SELECT * FROM unnest(ids, ones, others, reasons) LOOP
    SELECT a.person_id, b.person_id INTO left_head, right_head FROM contact a, contact b WHERE a.id = one AND b.id = other;
    IF EXISTS (SELECT FROM link l WHERE l.a_contact = one AND l.b_contact = other AND (l.ended_at IS NULL OR NOT again))
       OR EXISTS (SELECT FROM link l WHERE l.a_contact = other AND l.b_contact = one AND (l.ended_at IS NULL OR NOT again)) THEN
      outcome := 'known';
    ELSIF left_head <> right_head AND contact_cards_differ(left_head, right_head) THEN
      outcome := 'cards';
    ELSE
      INSERT INTO link (id, a_contact, b_contact, strength, evidence, actor, at)
      VALUES (link_id, one, other, how, reason, who, since);
      UPDATE contact c SET person_id = least(left_head, right_head), version = c.version + 1
      WHERE c.person_id = greatest(left_head, right_head) AND left_head <> right_head;
      outcome := 'made';
    END IF;
    RETURN NEXT;
  END LOOP;
END
$$;
