-- configuration (owner: records/config) -----------------------------------------------------------------------------
-- Documents never change: an edit is a new version, a removal a version without a body. A release names the whole
-- set that is in force, so that going back is one more release of older versions.

CREATE TABLE config_document (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  name text NOT NULL,
  version int NOT NULL CHECK (version > 0),
  body jsonb CHECK (jsonb_typeof(body) = 'object'),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  note text NOT NULL,
  UNIQUE (kind, name, version)
);

CREATE TABLE config_release (
  id uuid PRIMARY KEY,
  number int NOT NULL UNIQUE CHECK (number > 0),
  parent int REFERENCES config_release (number),
  released_at timestamptz NOT NULL,
  released_by text NOT NULL,
  note text NOT NULL
);

CREATE TABLE config_release_item (
  release_id uuid NOT NULL REFERENCES config_release (id),
  kind text NOT NULL,
  name text NOT NULL,
  document_id uuid NOT NULL REFERENCES config_document (id),
  PRIMARY KEY (release_id, kind, name)
);
CREATE INDEX config_release_item_document ON config_release_item (document_id);

CREATE FUNCTION config_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed: write a new version', TG_TABLE_NAME;
END $$;
CREATE TRIGGER config_document_is_final BEFORE UPDATE OR DELETE ON config_document
  FOR EACH ROW EXECUTE FUNCTION config_is_final();
CREATE TRIGGER config_release_is_final BEFORE UPDATE OR DELETE ON config_release
  FOR EACH ROW EXECUTE FUNCTION config_is_final();
CREATE TRIGGER config_release_item_is_final BEFORE UPDATE OR DELETE ON config_release_item
  FOR EACH ROW EXECUTE FUNCTION config_is_final();
