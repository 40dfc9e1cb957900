-- Whether a customer has what a list asks for: a tag, a level, something open. NULL asks nothing.
CREATE OR REPLACE FUNCTION person_matches(person uuid, tagged text, ranked int, busy bool) RETURNS bool
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (tagged IS NULL OR EXISTS (
      SELECT FROM contact c JOIN contact_tag g ON g.contact_id = c.id WHERE c.person_id = person AND g.tag = tagged))
    AND (ranked IS NULL OR ranked = (SELECT max(c.level) FROM contact c WHERE c.person_id = person))
    AND (NOT busy OR EXISTS (
      SELECT FROM contact c JOIN ticket t ON t.contact_id = c.id
      WHERE c.person_id = person AND t.merged_into IS NULL AND t.status IN ('new', 'open', 'pending')));
$$;
