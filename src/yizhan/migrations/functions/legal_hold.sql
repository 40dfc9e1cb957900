-- The last line of a legal hold (owner: records/cases): what a held person said and what was noted of him stays as it is.

CREATE OR REPLACE FUNCTION refuse_held_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Rows that only move into their partition are not erased.
  IF current_setting('yizhan.moving', true) IS DISTINCT FROM 'on' AND person_is_held(OLD.contact_id) THEN
    RAISE EXCEPTION 'message % is under legal hold', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION refuse_held_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ticket t WHERE t.id = OLD.ticket_id AND person_is_held(t.contact_id)) THEN
    RAISE EXCEPTION 'note % is under legal hold', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE TRIGGER held_message BEFORE DELETE OR UPDATE OF text, html, attachments, recalled_at ON message
  FOR EACH ROW EXECUTE FUNCTION refuse_held_message();
CREATE OR REPLACE TRIGGER held_note BEFORE DELETE OR UPDATE OF text ON note
  FOR EACH ROW EXECUTE FUNCTION refuse_held_note();

-- Of everything else that belongs to a person no row goes while he is held. How a row names him is the argument.
CREATE OR REPLACE FUNCTION refuse_held_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone jsonb := to_jsonb(OLD);
  whose uuid;
BEGIN
  CASE TG_ARGV[0]
    WHEN 'contact' THEN whose := gone->>'contact_id';
    WHEN 'ticket' THEN SELECT t.contact_id INTO whose FROM ticket t WHERE t.id = (gone->>'ticket_id')::uuid;
    WHEN 'complaint' THEN SELECT c.contact_id INTO whose FROM complaint c WHERE c.id = (gone->>'complaint_id')::uuid;
    WHEN 'case' THEN SELECT c.contact_id INTO whose FROM external_case c WHERE c.id = (gone->>'case_id')::uuid;
    WHEN 'consultation' THEN
      SELECT c.contact_id INTO whose FROM consultation c WHERE c.id = (gone->>'consultation_id')::uuid;
    WHEN 'visitor' THEN
      IF visitor_is_held((gone->>'visitor')::bytea) THEN
        RAISE EXCEPTION '% is under legal hold', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
      END IF;
  END CASE;
  IF whose IS NOT NULL AND current_setting('yizhan.moving', true) IS DISTINCT FROM 'on' AND person_is_held(whose) THEN
    RAISE EXCEPTION '% is under legal hold', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON identity FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON claim FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON conversation FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON complaint FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON compensation FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON external_case FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON promise FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON appointment FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON shop_visit FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON encounter FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON consultation FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON held_reply FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON rating FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON ticket_rating FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON block FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON customer_remark FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_held_row('contact');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON sla_target FOR EACH ROW EXECUTE FUNCTION refuse_held_row('ticket');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON evidence_package FOR EACH ROW EXECUTE FUNCTION refuse_held_row('ticket');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON priority_decision FOR EACH ROW EXECUTE FUNCTION refuse_held_row('ticket');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON complaint_clock FOR EACH ROW EXECUTE FUNCTION refuse_held_row('complaint');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON complaint_step FOR EACH ROW EXECUTE FUNCTION refuse_held_row('complaint');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON external_case_ticket FOR EACH ROW EXECUTE FUNCTION refuse_held_row('case');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON external_reply FOR EACH ROW EXECUTE FUNCTION refuse_held_row('case');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON consultation_message FOR EACH ROW EXECUTE FUNCTION refuse_held_row('consultation');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON visit FOR EACH ROW EXECUTE FUNCTION refuse_held_row('visitor');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON invitation FOR EACH ROW EXECUTE FUNCTION refuse_held_row('visitor');
CREATE OR REPLACE TRIGGER held_row BEFORE DELETE ON visitor_words FOR EACH ROW EXECUTE FUNCTION refuse_held_row('visitor');

-- A hold in force ends by being released.
CREATE OR REPLACE FUNCTION refuse_standing_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NULL THEN
    RAISE EXCEPTION 'a legal hold is released, not deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER standing_hold BEFORE DELETE ON legal_hold FOR EACH ROW EXECUTE FUNCTION refuse_standing_hold();

-- Contacts that are no longer taken for one person stay held, each for itself: nothing is freed by undoing a link.
CREATE OR REPLACE FUNCTION keep_hold_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO legal_hold (id, contact_id, case_id, reason, actor, at)
  SELECT gen_random_uuid(), apart.id, h.case_id, h.reason, h.actor, h.at
  FROM legal_hold h
  JOIN LATERAL (
    SELECT NEW.id WHERE EXISTS (SELECT FROM contact o WHERE o.id = h.contact_id AND o.person_id = OLD.person_id)
    UNION ALL SELECT o.id FROM contact o WHERE h.contact_id = NEW.id AND o.person_id = OLD.person_id
  ) apart ON true
  WHERE h.released_at IS NULL AND NOT person_is_held(apart.id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER hold_apart AFTER UPDATE OF person_id ON contact FOR EACH ROW
  WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id) EXECUTE FUNCTION keep_hold_apart();
