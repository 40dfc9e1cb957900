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
