-- name: put(rows)
-- What is to leave. The same that still waits is not said twice: it says the newer facts.
INSERT INTO outlet_post AS p (id, outlet, topic, why, level, ticket_id, agents, facts, state, raised_at, due_at, tries)
SELECT id, outlet, topic, why, level, ticket_id, agents, facts, state, raised_at, due_at, tries
FROM jsonb_populate_recordset(NULL::outlet_post, $1) ORDER BY outlet, topic
ON CONFLICT (outlet, topic) WHERE state = 'waiting' DO UPDATE SET facts = excluded.facts, level = excluded.level;

-- name: due(now)
-- Outlets with something to send now.
SELECT DISTINCT outlet FROM outlet_post WHERE state IN ('waiting', 'sending') AND due_at <= $1;

-- name: next_due()
-- When the next one is due.
SELECT min(due_at) FROM outlet_post WHERE state IN ('waiting', 'sending');

-- name: due_of(outlet, now)
-- How many wait in one outlet.
SELECT count(*)::int FROM outlet_post WHERE outlet = $1 AND state IN ('waiting', 'sending') AND due_at <= $2;

-- name: calls(outlet, since)
-- When this outlet was called lately.
SELECT called_at FROM outlet_post WHERE outlet = $1 AND called_at > $2 GROUP BY call, called_at ORDER BY called_at;

-- name: claim(outlet, now, count, until, call)
-- The oldest that are due are in hand now; what another had in hand for too long is taken over.
WITH taken AS (
  SELECT id FROM outlet_post WHERE outlet = $1 AND state IN ('waiting', 'sending') AND due_at <= $2
  ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE outlet_post p SET state = 'sending', tries = p.tries + 1, due_at = $4, call = $5, called_at = $2
FROM taken WHERE p.id = taken.id;

-- name: of_call(call)
-- What one call is about, in order, with what its words need.
SELECT p.id, p.outlet, p.why, p.level, p.agents, p.facts, p.state, p.raised_at, p.due_at, p.tries, p.call, p.called_at,
       p.error, p.ticket_id, t.number AS ticket_number, m.name AS team_name, a.name AS agent_name
FROM outlet_post p
LEFT JOIN ticket t ON t.id = p.ticket_id LEFT JOIN team m ON m.id = t.team_id LEFT JOIN agent a ON a.id = t.agent_id
WHERE p.call = $1 AND p.state = 'sending' ORDER BY p.raised_at, p.id;

-- name: sent(call)
-- The vendor has it.
UPDATE outlet_post SET state = 'sent', error = NULL WHERE call = $1 AND state = 'sending';

-- name: failed(call, error)
-- It will not be sent.
UPDATE outlet_post SET state = 'failed', error = $2 WHERE call = $1 AND state = 'sending' RETURNING id;

-- name: reported(id, error, failed)
-- The carrier says that a notice, and what left with it, did not arrive; null when that is known.
UPDATE outlet_post p SET error = $2, state = CASE WHEN $3 THEN 'failed' ELSE p.state END
FROM outlet_post one WHERE one.id = $1 AND p.call = one.call AND p.error IS DISTINCT FROM $2 AND p.state <> 'waiting'
RETURNING p.outlet;

-- name: again(call, due, error, uncounted)
-- It is tried once more, later.
UPDATE outlet_post SET due_at = $2, error = $3, tries = tries - CASE WHEN $4 THEN 1 ELSE 0 END
WHERE call = $1 AND state = 'sending';

-- name: drop(outlet, error)
-- The outlet is gone or switched off: what waited will not leave.
UPDATE outlet_post SET state = 'failed', error = $2 WHERE outlet = $1 AND state IN ('waiting', 'sending');

-- name: posts_of(outlet, count)
-- The ledger of one outlet, newest first.
SELECT p.id, p.outlet, p.why, p.level, p.agents, p.facts, p.state, p.raised_at, p.due_at, p.tries, p.call, p.called_at,
       p.error, p.ticket_id, t.number AS ticket_number, m.name AS team_name, a.name AS agent_name
FROM outlet_post p
LEFT JOIN ticket t ON t.id = p.ticket_id LEFT JOIN team m ON m.id = t.team_id LEFT JOIN agent a ON a.id = t.agent_id
WHERE p.outlet = $1 ORDER BY p.raised_at DESC, p.id DESC LIMIT $2;

-- name: standings(since)
-- What each outlet did since then.
SELECT outlet AS name, count(*) FILTER (WHERE state IN ('waiting', 'sending'))::int AS waiting,
       count(*) FILTER (WHERE state = 'sent')::int AS sent, count(*) FILTER (WHERE state = 'failed')::int AS failed,
       max(called_at) FILTER (WHERE state = 'sent') AS sent_at,
       (array_agg(error ORDER BY called_at DESC) FILTER (WHERE error IS NOT NULL))[1] AS error
FROM outlet_post WHERE raised_at > $1 OR state IN ('waiting', 'sending') GROUP BY outlet;

-- name: secret(outlet)
-- The sealed secrets of one outlet.
SELECT sealed FROM outlet_secret WHERE outlet = $1;

-- name: secrets()
-- All sealed secrets.
SELECT outlet, sealed FROM outlet_secret ORDER BY outlet;

-- name: put_secret(outlet, sealed, now)
-- The secrets of one outlet, sealed.
INSERT INTO outlet_secret AS s (outlet, sealed, changed_at, version) VALUES ($1, $2, $3, 1)
ON CONFLICT (outlet) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at, version = s.version + 1
RETURNING version;

-- name: rewrapped(outlet, sealed)
-- The same secrets under another master key.
UPDATE outlet_secret SET sealed = $2 WHERE outlet = $1;

-- name: addresses(agents)
-- Where these people get mail.
SELECT DISTINCT email FROM agent WHERE id = ANY ($1) AND active AND email IS NOT NULL AND email <> '' ORDER BY email;

-- name: forget(before, count)
-- What left or failed so long ago that nobody asks any more.
DELETE FROM outlet_post WHERE id IN (
  SELECT id FROM outlet_post WHERE state IN ('sent', 'failed') AND raised_at < $1 LIMIT $2) RETURNING id;
