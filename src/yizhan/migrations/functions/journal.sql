-- The journal's sequencer and its proof (owner: foundation/journal).

-- What is hashed of an event: every field of it, in a form that does not depend on settings. Not called immutable,
-- though it is: that would keep it from being inlined, at four times the cost.
CREATE OR REPLACE FUNCTION event_content(pos bigint, seq bigint, at timestamptz, kind text, v smallint, subject uuid,
    subject_version int, brand_id uuid, team_id uuid, agent_id uuid, contact_id uuid, conversation_id uuid,
    ticket_id uuid, actor text, on_behalf text, request uuid, cause bigint, depth smallint, data jsonb)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(concat_ws(E'\x1f', pos::text, seq::text, (extract(epoch FROM at) * 1000000)::bigint::text, kind,
    v::text, subject::text, subject_version::text, coalesce(brand_id::text, '-'), coalesce(team_id::text, '-'),
    coalesce(agent_id::text, '-'), coalesce(contact_id::text, '-'), coalesce(conversation_id::text, '-'),
    coalesce(ticket_id::text, '-'), actor, coalesce(on_behalf, '-'), coalesce(request::text, '-'),
    coalesce(cause::text, '-'), depth::text, data::text), 'UTF8')
$$;

CREATE OR REPLACE FUNCTION journal_link(state bytea, seed bytea, content bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN  -- half the time of the same in SQL, which an aggregate cannot inline
  RETURN sha256(coalesce(state, seed) || content);
END
$$;
CREATE OR REPLACE AGGREGATE journal_chain(seed bytea, content bytea) (SFUNC = journal_link, STYPE = bytea);

-- Moves the committed rows among the next `most` from from_seq on. One caller at a time: the head row's lock decides.
CREATE OR REPLACE FUNCTION journal_sequence(from_seq bigint, most int)
RETURNS TABLE (moved bigint, last_seq bigint, pos bigint) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  head journal_head;
  upto bigint;
  chained bytea;
BEGIN
  SELECT * INTO head FROM journal_head FOR UPDATE;
  SELECT max(e.seq) INTO upto FROM (SELECT n.seq FROM event_new n WHERE n.seq >= from_seq ORDER BY n.seq LIMIT most) e;
  IF upto IS NULL THEN
    RETURN QUERY SELECT 0::bigint, NULL::bigint, head.pos;
    RETURN;
  END IF;
  WITH taken AS (DELETE FROM event_new n WHERE n.seq >= from_seq AND n.seq <= upto RETURNING n.*)
  INSERT INTO event (pos, seq, at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id,
                     conversation_id, ticket_id, actor, on_behalf, request, cause, depth, data, hash)
  SELECT p.place, p.seq, p.at, p.kind, p.v, p.subject, p.subject_version, p.brand_id, p.team_id, p.agent_id,
         p.contact_id, p.conversation_id, p.ticket_id, p.actor, p.on_behalf, p.request, p.cause, p.depth, p.data,
         journal_chain(head.hash, event_content(p.place, p.seq, p.at, p.kind, p.v, p.subject, p.subject_version,
           p.brand_id, p.team_id, p.agent_id, p.contact_id, p.conversation_id, p.ticket_id, p.actor, p.on_behalf,
           p.request, p.cause, p.depth, p.data)) OVER (ORDER BY p.seq)
  FROM (SELECT head.pos + row_number() OVER (ORDER BY t.seq) AS place, t.* FROM taken t) p
  ORDER BY p.seq;
  GET DIAGNOSTICS moved = ROW_COUNT;
  pos := head.pos + moved;
  SELECT e.seq, e.hash INTO last_seq, chained FROM event e WHERE e.pos = head.pos + moved;
  UPDATE journal_head j SET pos = head.pos + moved, hash = chained;
  RETURN NEXT;
END
$$;

-- Null when the chain from `from_pos` to `to_pos` is whole, else the first position that is not what was written.
-- A range that reaches the head is compared with it too: a cut tail and rows behind the end are found.
CREATE OR REPLACE FUNCTION journal_first_broken(from_pos bigint, to_pos bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  before bytea;
  expected bigint := from_pos;
  stray bigint;
  head journal_head;
  e event;
BEGIN
  SELECT * INTO head FROM journal_head;
  IF from_pos <= 1 THEN
    before := sha256('yizhan');
    expected := 1;
    SELECT min(x.pos) INTO stray FROM event x WHERE x.pos < 1;
    IF stray IS NOT NULL THEN
      RETURN stray;
    END IF;
  ELSE
    SELECT x.hash INTO before FROM event x WHERE x.pos = from_pos - 1;
  END IF;
  FOR e IN SELECT * FROM event x WHERE x.pos >= expected AND x.pos <= to_pos ORDER BY x.pos LOOP
    IF e.pos <> expected OR before IS NULL OR e.hash <> sha256(before || event_content(e.pos, e.seq, e.at, e.kind, e.v,
        e.subject, e.subject_version, e.brand_id, e.team_id, e.agent_id, e.contact_id, e.conversation_id, e.ticket_id,
        e.actor, e.on_behalf, e.request, e.cause, e.depth, e.data)) THEN
      RETURN expected;
    END IF;
    before := e.hash;
    expected := expected + 1;
  END LOOP;
  IF expected <= to_pos THEN
    RETURN expected;
  END IF;
  IF to_pos >= head.pos THEN
    SELECT min(x.pos) INTO stray FROM event x WHERE x.pos > to_pos;
    IF stray IS NOT NULL OR to_pos > head.pos OR before IS DISTINCT FROM head.hash THEN
      RETURN coalesce(stray, expected);
    END IF;
  END IF;
  RETURN NULL;
EXCEPTION
  WHEN data_exception OR feature_not_supported THEN  -- a value that nothing of ours writes, such as an endless time
    RETURN expected;
END
$$;
