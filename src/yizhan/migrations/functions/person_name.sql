-- What a customer is called: as people of the house wrote last, whichever of his contacts they wrote it of; else as his
-- oldest contact is, unless that one is a visitor without a name or a follower whom WeChat does not name.
CREATE OR REPLACE FUNCTION person_name(head uuid) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.name FROM contact c WHERE c.person_id = head
  ORDER BY (SELECT (r.fields #>> '{name,1}')::timestamptz FROM profile_record r
            WHERE r.contact_id = c.id AND r.source = 'manual') DESC NULLS LAST, c.name ~* '^(访客|visitor|guest|微信用户)[\s#-]*[0-9a-z]{0,12}$', c.id LIMIT 1;
$$;
