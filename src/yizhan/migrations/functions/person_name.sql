-- What a customer is called: as his oldest contact is, unless that one is a visitor without a name.
CREATE OR REPLACE FUNCTION person_name(head uuid) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.name FROM contact c WHERE c.person_id = head
  ORDER BY c.name ~* '^(访客|visitor|guest)[\s#]*[0-9a-z]{0,12}$', c.id LIMIT 1;
$$;
