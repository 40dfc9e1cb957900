-- name: viewer(agent_id)
-- Who looks, with its teams and their brands; nobody when the agent is not active.
SELECT a.id, a.name, a.grants_version, r.permissions, r.scope,
  coalesce(array_agg(m.team_id ORDER BY m.team_id) FILTER (WHERE m.team_id IS NOT NULL), '{}') AS team_ids,
  coalesce(array_agg(DISTINCT t.brand_id) FILTER (WHERE t.brand_id IS NOT NULL), '{}') AS brand_ids
FROM agent a
JOIN role r ON r.id = a.role_id
LEFT JOIN team_member m ON m.agent_id = a.id
LEFT JOIN team t ON t.id = m.team_id
WHERE a.id = $1 AND a.active
GROUP BY a.id, r.id;

-- name: supervisors()
-- Everybody active who may supervise, with teams and their brands.
SELECT a.id, a.name, a.grants_version, r.permissions, r.scope,
  coalesce(array_agg(m.team_id ORDER BY m.team_id) FILTER (WHERE m.team_id IS NOT NULL), '{}') AS team_ids,
  coalesce(array_agg(DISTINCT t.brand_id) FILTER (WHERE t.brand_id IS NOT NULL), '{}') AS brand_ids
FROM agent a
JOIN role r ON r.id = a.role_id
LEFT JOIN team_member m ON m.agent_id = a.id
LEFT JOIN team t ON t.id = m.team_id
WHERE a.active AND 'supervise' = ANY (r.permissions)
GROUP BY a.id, r.id ORDER BY a.id;

-- name: agents(id)
-- Everybody with all that is shown of him, or the one of this id.
SELECT a.id, a.login, a.name, a.email, a.role_id, r.key AS role_key, r.name AS role_name, r.permissions, r.scope,
  a.locale, a.live_cap, a.async_cap, a.active, a.created_at, a.version,
  p.state, p.reason, p.since, p.lost_at, p.version AS presence_version,
  coalesce(l.live, 0) AS live, coalesce(l.async, 0) AS async,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'lead', m.lead) ORDER BY t.name), '[]')
   FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.agent_id = a.id) AS teams,
  (SELECT coalesce(jsonb_object_agg(s.skill_id, s.level), '{}') FROM agent_skill s WHERE s.agent_id = a.id) AS skills
FROM agent a
JOIN role r ON r.id = a.role_id
LEFT JOIN presence p ON p.agent_id = a.id
LEFT JOIN agent_load l ON l.agent_id = a.id
WHERE $1::uuid IS NULL OR a.id = $1
ORDER BY a.name, a.id;

-- name: credentials(login)
-- What a log-in is checked against.
SELECT id, password_hash FROM agent WHERE login = $1 AND active;

-- name: active_logins(logins)
-- Those of these logins that somebody could sign in with, in the order asked.
SELECT a.id, a.login, a.name, r.key AS role, r.name AS role_name
FROM agent a JOIN role r ON r.id = a.role_id
WHERE a.active AND a.login = ANY($1) ORDER BY array_position($1, a.login);

-- name: roles()
-- Every role.
SELECT id, key, name, permissions, scope FROM role ORDER BY array_length(permissions, 1), key;

-- name: role(id)
-- What a role holds.
SELECT id, key, name, permissions, scope FROM role WHERE id = $1;

-- name: add_role(id, key, name, permissions, scope)
-- A preset role, unless the house already has one of this key.
INSERT INTO role (id, key, name, permissions, scope) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING;

-- name: brands()
-- Every business line.
SELECT id, key, name FROM brand ORDER BY name, id;

-- name: add_brand(id, key, name)
-- A business line.
INSERT INTO brand (id, key, name) VALUES ($1, $2, $3);

-- name: skills()
-- Every skill.
SELECT id, key, name FROM skill ORDER BY name, id;

-- name: add_skill(id, key, name)
-- A skill.
INSERT INTO skill (id, key, name) VALUES ($1, $2, $3);

-- name: teams(id)
-- Every team with its members, or the one of this id.
SELECT t.id, t.key, t.name, t.brand_id, t.version,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('agent_id', m.agent_id, 'lead', m.lead) ORDER BY m.agent_id), '[]')
   FROM team_member m WHERE m.team_id = t.id) AS members
FROM team t WHERE $1::uuid IS NULL OR t.id = $1 ORDER BY t.name, t.id;

-- name: add_team(id, key, name, brand_id)
-- A team without members.
INSERT INTO team (id, key, name, brand_id) VALUES ($1, $2, $3, $4);

-- name: lock_team(id)
-- The team as it is, held until the transaction ends.
SELECT name, brand_id, version FROM team WHERE id = $1 FOR UPDATE;

-- name: change_team(id, name, brand_id)
-- The team as it shall be.
UPDATE team SET name = $2, brand_id = $3, version = version + 1 WHERE id = $1 RETURNING version;

-- name: members(team_id)
-- Who is in a team.
SELECT agent_id, lead FROM team_member WHERE team_id = $1;

-- name: remove_members(team_id, agent_ids)
-- Those leave.
DELETE FROM team_member WHERE team_id = $1 AND agent_id = ANY($2);

-- name: put_members(team_id, agent_ids, leads)
-- Those belong, as lead or not.
INSERT INTO team_member (team_id, agent_id, lead) SELECT $1, * FROM unnest($2::uuid[], $3::bool[])
ON CONFLICT (team_id, agent_id) DO UPDATE SET lead = excluded.lead;

-- name: raise_grants(agent_ids)
-- What they may see has changed.
UPDATE agent SET grants_version = grants_version + 1, version = version + 1 WHERE id = ANY($1) RETURNING id, version;

-- name: raise_team_grants(team_id)
-- What the members of a team may see has changed.
UPDATE agent SET grants_version = grants_version + 1, version = version + 1
WHERE id IN (SELECT m.agent_id FROM team_member m WHERE m.team_id = $1) RETURNING id, version;

-- name: lock_agents(ids)
-- Held in the order of their ids, so that two who lock several never wait for each other.
SELECT id FROM agent WHERE id = ANY($1) ORDER BY id FOR UPDATE;

-- name: add_agent(id, login, name, email, password_hash, role_id, locale, live_cap, async_cap, created_at)
-- A new colleague.
INSERT INTO agent (id, login, name, email, password_hash, role_id, locale, live_cap, async_cap, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: add_load(agent_id)
-- Every agent has a load, zero at first.
INSERT INTO agent_load (agent_id) VALUES ($1);

-- name: lock_agent(id)
-- The agent as it is, held until the transaction ends.
SELECT name, email, role_id, locale, live_cap, async_cap, active, version FROM agent WHERE id = $1 FOR UPDATE;

-- name: change_agent(id, name, email, role_id, locale, live_cap, async_cap, active, grants)
-- The agent as it shall be; `grants` is how far its grants move on.
UPDATE agent SET name = $2, email = $3, role_id = $4, locale = $5, live_cap = $6, async_cap = $7, active = $8,
  grants_version = grants_version + $9, version = version + 1
WHERE id = $1 RETURNING version;

-- name: lock_administrators(agent_id)
-- Those who may manage people, held together with the agent so that two of them cannot retire each other at once.
SELECT a.id, a.active AND 'agent.manage' = ANY(r.permissions) AS administrator
FROM agent a JOIN role r ON r.id = a.role_id
WHERE a.id = $1 OR (a.active AND 'agent.manage' = ANY(r.permissions)) ORDER BY a.id FOR UPDATE OF a;

-- name: set_password(id, password_hash)
-- A new password.
UPDATE agent SET password_hash = $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: keep_password_hash(id, old, new)
-- The same password under today's parameters, unless it was changed meanwhile.
UPDATE agent SET password_hash = $3 WHERE id = $1 AND password_hash = $2;

-- name: remove_skills(agent_id)
-- Before the new set.
DELETE FROM agent_skill WHERE agent_id = $1;

-- name: put_skills(agent_id, skill_ids, levels)
-- The new set.
INSERT INTO agent_skill (agent_id, skill_id, level) SELECT $1, * FROM unnest($2::uuid[], $3::smallint[]);

-- name: touch_agent(id)
-- Something that hangs on the agent changed.
UPDATE agent SET version = version + 1 WHERE id = $1 RETURNING version;

-- name: presence(agent_id)
-- What an agent says of itself.
SELECT state, reason, since, lost_at, version FROM presence WHERE agent_id = $1;

-- name: lock_presence(agent_id, since)
-- The presence, made 离线 when there is none, held until the transaction ends.
INSERT INTO presence (agent_id, state, since) VALUES ($1, 'offline', $2)
ON CONFLICT (agent_id) DO UPDATE SET agent_id = excluded.agent_id
RETURNING state, reason, since, lost_at, version;

-- name: set_presence(agent_id, state, reason, since)
-- A state is also a sign of life.
UPDATE presence SET state = $2, reason = $3, since = $4, lost_at = NULL, version = version + 1,
  came_at = CASE WHEN $2 = 'offline' THEN NULL WHEN state = 'offline' THEN $4 ELSE came_at END,
  came_with = CASE WHEN $2 <> 'offline' AND state = 'offline'
                   THEN coalesce((SELECT l.async FROM agent_load l WHERE l.agent_id = $1), 0) ELSE came_with END
WHERE agent_id = $1 RETURNING version;

-- name: add_span(agent_id, starts_at, ends_at, state, reason)
-- A state that is over: what 工时利用率 is counted from.
INSERT INTO presence_span (agent_id, starts_at, ends_at, state, reason) VALUES ($1, $2, $3, $4, $5);

-- name: time_in_states(from, until)
-- How long everybody was in each state between two instants, the running one included.
SELECT agent_id, state, sum(extract(epoch FROM least(ends_at, $2) - greatest(starts_at, $1)))::int AS seconds
FROM (SELECT agent_id, starts_at, ends_at, state FROM presence_span WHERE ends_at > $1 AND starts_at < $2
      UNION ALL SELECT agent_id, since, $2, state FROM presence WHERE since < $2) x
GROUP BY agent_id, state;

-- name: spells(agent_id, from, until, count)
-- An agent's states one after the other, the running one included, the latest first.
SELECT state, reason, greatest(starts_at, $2) AS starts_at, least(ends_at, $3) AS ends_at
FROM (SELECT state, reason, starts_at, ends_at FROM presence_span WHERE agent_id = $1 AND ends_at > $2 AND starts_at < $3
      UNION ALL SELECT state, reason, since, $3 FROM presence WHERE agent_id = $1 AND since < $3) x
ORDER BY starts_at DESC LIMIT $4;

-- name: mark_lost(agent_id, lost_at)
-- The first moment of a lost connection stays; who is 离线 has nothing to lose.
UPDATE presence SET lost_at = $2, version = version + 1
WHERE agent_id = $1 AND lost_at IS NULL AND state <> 'offline' RETURNING state, version;

-- name: found_again(agent_id)
-- The connection is back.
UPDATE presence SET lost_at = NULL, version = version + 1
WHERE agent_id = $1 AND lost_at IS NOT NULL RETURNING state, version;

-- name: lost_since(before)
-- Whose connection has been gone since before then.
SELECT agent_id FROM presence WHERE lost_at <= $1 ORDER BY lost_at;

-- name: load(agent_id)
-- How much an agent carries just now.
SELECT live, async FROM agent_load WHERE agent_id = $1;

-- name: lock_rooms(ids)
-- How much room these agents have, their loads held in id order until the transaction ends.
SELECT a.id, a.name, a.active, a.live_cap, a.async_cap, l.live, l.async, l.alone, coalesce(p.state, 'offline') AS state,
       p.lost_at IS NOT NULL AS lost, ARRAY(SELECT t.id FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.name, t.id) AS team_ids,
       ARRAY(SELECT t.name FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.name, t.id) AS teams
FROM agent_load l JOIN agent a ON a.id = l.agent_id LEFT JOIN presence p ON p.agent_id = a.id
WHERE l.agent_id = ANY ($1) ORDER BY l.agent_id FOR NO KEY UPDATE OF l;

-- name: rooms(ids)
-- How much room these agents have just now, held by nobody: for asking before acting.
SELECT a.id, a.name, a.active, a.live_cap, a.async_cap, l.live, l.async, l.alone, coalesce(p.state, 'offline') AS state,
       p.lost_at IS NOT NULL AS lost, ARRAY(SELECT t.id FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.name, t.id) AS team_ids,
       ARRAY(SELECT t.name FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.name, t.id) AS teams
FROM agent_load l JOIN agent a ON a.id = l.agent_id LEFT JOIN presence p ON p.agent_id = a.id
WHERE l.agent_id = ANY ($1) ORDER BY l.agent_id;

-- name: shift_loads(ids, live, async, alone)
-- Moves the counters by so much; what they count is locked by the caller.
UPDATE agent_load l SET live = greatest(l.live + x.live, 0), async = greatest(l.async + x.async, 0),
       alone = greatest(l.alone + x.alone, 0), version = version + 1
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) x(id, live, async, alone)
WHERE l.agent_id = x.id
RETURNING l.agent_id, l.live, l.async, l.version;
