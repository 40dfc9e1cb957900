-- Tags of customers as the house writes them, each once (owner: records/remarks).
CREATE TABLE customer_tag (
  tag text PRIMARY KEY,
  at timestamptz NOT NULL,
  by text NOT NULL
);
CREATE UNIQUE INDEX customer_tag_spelled ON customer_tag (lower(tag));
-- Who was given which: they hang on the contact, and a person has those of all his contacts (owner: records/remarks).
CREATE TABLE contact_tag (
  contact_id uuid NOT NULL,
  tag text NOT NULL,
  at timestamptz NOT NULL,
  by text NOT NULL,
  PRIMARY KEY (contact_id, tag)
);
CREATE INDEX contact_tag_tag ON contact_tag (tag, contact_id DESC);
-- What people of the house note about a customer; pinned ones are read before the first word (owner: records/remarks).
CREATE TABLE customer_remark (
  id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  text text NOT NULL CHECK (text <> ''),
  pinned boolean NOT NULL DEFAULT false,
  by text NOT NULL,
  removed_at timestamptz,                -- it is shown no more; the row stays
  removed_by text
);
CREATE INDEX customer_remark_contact ON customer_remark (contact_id, id DESC) WHERE removed_at IS NULL;
-- Members by their level; nearly everybody has none and costs this index nothing (owner: records/contacts).
CREATE INDEX contact_level ON contact (level, id DESC) WHERE level > 0;
