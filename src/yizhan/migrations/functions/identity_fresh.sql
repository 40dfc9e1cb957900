-- For how many days a verified identifier of a kind proves who has it, by the document in force; null without an end
-- (read by intake where an address that somebody left writes by itself, never for each message).
CREATE OR REPLACE FUNCTION identity_fresh_days(wanted text) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT (k->>'fresh_days')::int
    FROM config_release r
    JOIN config_release_item i ON i.release_id = r.id AND i.kind = 'identity_kind' AND i.name = 'default'
    JOIN config_document d ON d.id = i.document_id
    CROSS JOIN LATERAL jsonb_array_elements(d.body->'kinds') k
    WHERE r.number = (SELECT max(number) FROM config_release) AND k->>'key' = wanted
  ), CASE WHEN wanted = 'phone' THEN 180 END)
$$;
