-- Whether a viewer may see a ticket or a conversation, by its brand, team and agent: as views/scope has it.
CREATE OR REPLACE FUNCTION work_is_seen(brand uuid, team uuid, held uuid, eyes text, agent uuid, teams uuid[], brands uuid[])
RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT eyes = 'all' OR coalesce(held = agent, false)
    OR (eyes = 'brand' AND brand = ANY (brands)) OR (eyes <> 'own' AND (team IS NULL OR team = ANY (teams)));
$$;
