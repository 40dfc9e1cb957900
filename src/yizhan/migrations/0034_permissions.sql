-- What the preset roles of houses that are there already may do from now on (owner: records/agents).
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['block.set']) ORDER BY 1)
WHERE 'message.reply' = ANY (permissions) AND key IN ('agent', 'agent_own', 'lead', 'specialist', 'supervisor', 'admin');
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['words.approve']) ORDER BY 1)
WHERE key IN ('lead', 'specialist', 'supervisor', 'admin');
UPDATE role SET permissions = array(SELECT DISTINCT unnest(permissions || ARRAY['block.keep']) ORDER BY 1)
WHERE key IN ('supervisor', 'admin');
