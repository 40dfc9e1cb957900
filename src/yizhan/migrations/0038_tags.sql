-- Tags as things with a name, a colour and an end (owner: records/tickets).

ALTER TABLE ticket_tag ADD COLUMN color text NOT NULL DEFAULT '' CHECK (color IN ('', 'blue', 'green', 'amber', 'red', 'violet')),
                       ADD COLUMN retired boolean NOT NULL DEFAULT false,  -- kept where it is, offered for no other
                       ADD COLUMN merged_into text;  -- its tickets are being given that one instead
-- Most tickets have none: they cost this index nothing.
CREATE INDEX ticket_tagged ON ticket USING gin (tags) WHERE tags <> '{}';

-- What the preset roles of houses that are there already may do from now on (owner: records/agents).
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['tag.manage']) ORDER BY 1)
WHERE key IN ('lead', 'specialist', 'supervisor', 'admin');
