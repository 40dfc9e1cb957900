-- A customer is seen by those who may see any of his conversations or tickets. One whom only a source system has told
-- of so far belongs to no team: he is seen by everybody but who sees his own work alone, and of a brand's people not by
-- those of other brands than he bought from.
CREATE OR REPLACE FUNCTION person_is_seen(person uuid, agent uuid, teams uuid[], brands uuid[], eyes text) RETURNS bool
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (
    SELECT FROM contact c JOIN conversation v ON v.contact_id = c.id
    WHERE c.person_id = person AND (eyes = 'all' OR (eyes = 'brand' AND v.brand_id = ANY (brands)) OR v.agent_id = agent
      OR (eyes <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY (teams)))))
  OR EXISTS (
    SELECT FROM contact c JOIN ticket t ON t.contact_id = c.id
    WHERE c.person_id = person AND (eyes = 'all' OR (eyes = 'brand' AND t.brand_id = ANY (brands)) OR t.agent_id = agent
      OR (eyes <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY (teams)))))
  OR (eyes = 'all' AND EXISTS (SELECT FROM contact c WHERE c.person_id = person))
  OR (eyes IN ('team', 'brand')
      AND EXISTS (SELECT FROM contact c WHERE c.person_id = person)
      AND NOT EXISTS (SELECT FROM contact c JOIN conversation v ON v.contact_id = c.id WHERE c.person_id = person)
      AND NOT EXISTS (SELECT FROM contact c JOIN ticket t ON t.contact_id = c.id WHERE c.person_id = person)
      AND (eyes = 'team'
           OR NOT EXISTS (SELECT FROM contact c JOIN customer_order o ON o.contact_id = c.id
                          WHERE c.person_id = person AND o.brand_id IS NOT NULL)
           OR EXISTS (SELECT FROM contact c JOIN customer_order o ON o.contact_id = c.id
                      WHERE c.person_id = person AND o.brand_id = ANY (brands))));
$$;
