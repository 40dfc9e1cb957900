-- What a saved view may ask of a ticket that does not stand in its row (owner: desk/saved_views). The planner takes the
-- one row apart, so that only what a view asks is looked up.
CREATE OR REPLACE FUNCTION ticket_asked(ticket uuid, kind text, of_team uuid, of_brand uuid, contact uuid, subject text, preview text)
RETURNS TABLE (types text[], team text, brand text, inbox text, segment text[], level int, grade text, due text, words text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (SELECT array_agg(array_to_string(p.parts[1:n], '.'))
          FROM (SELECT string_to_array(kind, '.') AS parts) p, generate_series(1, cardinality(p.parts)) n),
         (SELECT m.key FROM team m WHERE m.id = of_team),
         (SELECT b.key FROM brand b WHERE b.id = of_brand),
         (SELECT x.key FROM conversation v JOIN inbox x ON x.id = v.inbox_id WHERE v.ticket_id = ticket ORDER BY v.id LIMIT 1),
         ARRAY(SELECT s.segment FROM contact c JOIN segment_member s ON s.person_id = c.person_id WHERE c.id = contact),
         (SELECT max(p.level)::int FROM contact c JOIN contact p ON p.person_id = c.person_id WHERE c.id = contact),
         (SELECT k.grade FROM complaint k WHERE k.ticket_id = ticket),
         (SELECT CASE WHEN s.breached_at IS NOT NULL THEN 'breached' WHEN s.warned_at IS NOT NULL THEN 'warned' ELSE 'running' END
          FROM sla_target s WHERE s.ticket_id = ticket AND s.state = 'running' ORDER BY s.due_at, s.id LIMIT 1),
         subject || ' ' || preview;
$$;
