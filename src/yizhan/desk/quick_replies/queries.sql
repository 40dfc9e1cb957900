-- name: own_of(agent_id)
-- What somebody keeps for himself.
SELECT id, title, text, types, version FROM own_reply WHERE agent_id = $1 ORDER BY title, id;

-- name: keep(id, agent_id, title, text, types)
-- A new one.
INSERT INTO own_reply (id, agent_id, title, text, types, version) VALUES ($1, $2, $3, $4, $5, 1);

-- name: change(id, agent_id, title, text, types, expected)
-- Written anew by whoever saw this version.
UPDATE own_reply SET title = $3, text = $4, types = $5, version = version + 1
WHERE id = $1 AND agent_id = $2 AND version = $6 RETURNING version;

-- name: drop(id, agent_id)
-- Not kept any more.
DELETE FROM own_reply WHERE id = $1 AND agent_id = $2 RETURNING id;

-- name: count(reply, agent_id, day)
-- Sent once more.
INSERT INTO reply_use (reply, agent_id, day, times) VALUES ($1, $2, $3, 1)
ON CONFLICT (reply, agent_id, day) DO UPDATE SET times = reply_use.times + 1;

-- name: uses(agent_id, since)
-- How often each was sent since then: by everybody, and by this one.
SELECT reply, sum(times)::bigint AS times, coalesce(sum(times) FILTER (WHERE agent_id = $1), 0)::bigint AS mine
FROM reply_use WHERE day >= $2 GROUP BY reply;
