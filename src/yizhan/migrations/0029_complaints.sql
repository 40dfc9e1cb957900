-- Complaints, what is paid for them, cases that authorities and platforms bring, and what may not be erased.

-- 投诉 (owner: records/complaints): at most one a ticket.
CREATE TABLE complaint (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL UNIQUE,
  brand_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  grade text NOT NULL CHECK (grade IN ('ordinary', 'major', 'crisis')),
  causes text[] NOT NULL DEFAULT '{}',   -- why it is graver: fire, injury, minors, group, public, external …
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  department text,                       -- 责任部门, a key of the rules
  product text,                          -- a key of the rules: three of one in a day are a crisis
  demands text NOT NULL DEFAULT '',
  remedy text NOT NULL DEFAULT '',
  step text NOT NULL DEFAULT 'handler' CHECK (step IN ('handler', 'lead', 'supervisor', 'specialist', 'legal')),
  holder_id uuid,                        -- who took over at this step
  frozen bool NOT NULL DEFAULT false,    -- templates and everything automatic keep silent towards this customer
  rules text NOT NULL,                   -- the release that graded it
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by text CHECK (closed_by IN ('customer', 'supervisor')),
  closed_why text,
  closed_message uuid,                   -- the customer's words by which he consents
  version int NOT NULL DEFAULT 1
);
CREATE INDEX complaint_open ON complaint (opened_at, id) WHERE state = 'open';
CREATE INDEX complaint_product ON complaint (product, opened_at) WHERE product IS NOT NULL;
CREATE INDEX complaint_frozen ON complaint (contact_id) WHERE frozen;
CREATE INDEX complaint_contact ON complaint (contact_id);

CREATE TABLE complaint_clock (
  complaint_id uuid NOT NULL REFERENCES complaint ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('first_contact', 'plan', 'close')),
  due_at timestamptz NOT NULL,
  warn_at timestamptz NOT NULL,
  warned_at timestamptz,
  breached_at timestamptz,
  met_at timestamptz,
  PRIMARY KEY (complaint_id, kind)
);
CREATE INDEX complaint_clock_due ON complaint_clock (due_at) WHERE met_at IS NULL;

CREATE TABLE complaint_step (
  id uuid PRIMARY KEY,
  complaint_id uuid NOT NULL REFERENCES complaint ON DELETE CASCADE,
  step text NOT NULL,
  agent_id uuid,
  actor text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX complaint_step_of ON complaint_step (complaint_id, id);

-- 补偿 (owner: records/compensations): the ledger of what customers were paid.
CREATE TABLE compensation (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('coupon', 'refund', 'goods', 'points')),
  fen bigint NOT NULL CHECK (fen > 0),
  order_no text,
  reason text NOT NULL,
  addition bool NOT NULL DEFAULT false,  -- knowingly on top of what was paid for the same matter
  state text NOT NULL CHECK (state IN ('pending', 'granted', 'refused', 'withdrawn')),
  asked_by uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  limit_fen bigint,                      -- of who asked; null: without limit
  needs text,                            -- the role that may decide, where the limit was not enough
  total_fen bigint NOT NULL,             -- this and what was paid for the same matter before
  decided_by uuid,
  decided_at timestamptz,
  decision text,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX compensation_contact ON compensation (contact_id, id);
CREATE INDEX compensation_pending ON compensation (asked_at, id) WHERE state = 'pending';

-- 外部投诉 (owner: records/cases): what authorities and platforms bring.
CREATE TABLE external_case (
  id uuid PRIMARY KEY,
  source text NOT NULL CHECK (source IN ('12315', '12345', 'consumer', 'miit', 'heimao', 'platform')),
  case_no text NOT NULL,
  contact_id uuid NOT NULL,
  received_on date NOT NULL,
  working_days int NOT NULL,
  deadline_on date NOT NULL,
  deadline_at timestamptz NOT NULL,
  calendar text NOT NULL,                -- name@version
  state text NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
  demands text NOT NULL DEFAULT '',
  result text NOT NULL DEFAULT '',
  answered_at timestamptz,
  closed_at timestamptz,
  warned_at timestamptz,
  breached_at timestamptz,
  merged_into uuid,
  actor text NOT NULL,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  UNIQUE (source, case_no)
);
CREATE INDEX external_case_open ON external_case (deadline_at, id) WHERE state <> 'closed' AND merged_into IS NULL;
CREATE TABLE external_case_ticket (
  case_id uuid NOT NULL REFERENCES external_case ON DELETE CASCADE,
  ticket_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (case_id, ticket_id)
);
CREATE INDEX external_case_ticket_of ON external_case_ticket (ticket_id);
CREATE TABLE external_reply (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES external_case ON DELETE CASCADE,
  number int NOT NULL,
  text text NOT NULL,
  state text NOT NULL CHECK (state IN ('submitted', 'approved', 'refused', 'replaced')),
  author uuid NOT NULL,
  at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision text,
  UNIQUE (case_id, number)
);

-- What may not be erased, and the packages of evidence that were handed out (owner: records/cases).
CREATE TABLE legal_hold (
  id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  case_id uuid,
  reason text NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  released_at timestamptz,
  released_by text,
  released_why text
);
CREATE INDEX legal_hold_contact ON legal_hold (contact_id) WHERE released_at IS NULL;
CREATE TABLE evidence_package (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  case_id uuid,
  blob text NOT NULL,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  files int NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX evidence_package_ticket ON evidence_package (ticket_id, id);

-- Whoever erases meets this last line: a held person, and everything of his tickets, stays.
CREATE FUNCTION person_is_held(contact uuid) RETURNS bool LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM contact c JOIN contact o ON o.person_id = c.person_id
                 JOIN legal_hold h ON h.contact_id = o.id AND h.released_at IS NULL WHERE c.id = contact)
$$;
CREATE FUNCTION visitor_is_held(visitor bytea) RETURNS bool LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM legal_hold WHERE released_at IS NULL)
    AND EXISTS (SELECT FROM identity i WHERE i.blind = visitor AND person_is_held(i.contact_id))
$$;
CREATE FUNCTION refuse_held_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'DELETE' OR octet_length(NEW.data_key) = 0) AND person_is_held(OLD.id) THEN
    RAISE EXCEPTION 'contact % is under legal hold', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION refuse_held_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF person_is_held(OLD.contact_id) THEN
    RAISE EXCEPTION 'ticket % is under legal hold', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER held_contact BEFORE DELETE OR UPDATE OF data_key ON contact FOR EACH ROW EXECUTE FUNCTION refuse_held_contact();
CREATE TRIGGER held_ticket BEFORE DELETE ON ticket FOR EACH ROW EXECUTE FUNCTION refuse_held_ticket();

-- The roles of the ladder, and what those who are there already may do from now on.
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['complaint.manage']) ORDER BY 1) WHERE key = 'lead';
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['complaint.manage', 'complaint.close']) ORDER BY 1)
WHERE key IN ('supervisor', 'admin');
