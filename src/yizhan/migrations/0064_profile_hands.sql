-- Who of the house wrote a value by hand (owner: records/profiles): a system that says something is named by its source.
ALTER TABLE profile_record ADD COLUMN hands jsonb NOT NULL DEFAULT '{}';  -- {key: actor}
ALTER TABLE profile_value ADD COLUMN said_by text;
