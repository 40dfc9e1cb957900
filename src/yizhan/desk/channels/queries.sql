-- name: add_event(id, inbox_id, identity_id, contact_id, kind, detail, at, dedupe)
-- Something a customer did; null when it was known.
INSERT INTO channel_event (id, inbox_id, identity_id, contact_id, kind, detail, at, dedupe)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dedupe) DO NOTHING RETURNING id;

-- name: message_of(dedupe)
-- The message that came under this key.
SELECT message_id FROM dedupe_key WHERE key = $1;

-- name: goes_on(blind, inbox_id, since)
-- Whether a conversation of this address is open in which something was said lately.
SELECT EXISTS (
  SELECT FROM identity i JOIN conversation c ON c.identity_id = i.id
  WHERE i.blind = $1 AND i.valid_to IS NULL AND c.inbox_id = $2 AND c.phase <> 'ended' AND c.last_message_at >= $3);

-- name: add_media(message_ids, places, inbox_id, refs, expiries, now)
-- Files to be fetched.
INSERT INTO media_fetch (message_id, place, inbox_id, ref, expires_at, next_at)
SELECT m, p, $3, r, e, $6 FROM unnest($1::uuid[], $2::int[], $4::bytea[], $5::timestamptz[]) x(m, p, r, e)
ON CONFLICT DO NOTHING;

-- name: due_media(now, most)
-- Files whose turn it is.
SELECT message_id, place, inbox_id, ref, expires_at, attempt FROM media_fetch
WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, message_id, place LIMIT $2;

-- name: next_media()
-- When the next one is due.
SELECT min(next_at) FROM media_fetch WHERE state = 'waiting';

-- name: settle_media(message_id, place, state, error)
-- Not asked for again; null when somebody settled it before.
UPDATE media_fetch SET state = $3, error = $4, attempt = attempt + 1 WHERE message_id = $1 AND place = $2 AND state = 'waiting'
RETURNING place;

-- name: later_media(message_id, place, next_at, error)
-- The vendor could not be reached, or said wait.
UPDATE media_fetch SET next_at = $3, error = $4, attempt = attempt + 1
WHERE message_id = $1 AND place = $2 AND state = 'waiting';

-- name: newcomers(inbox_id, after, most)
-- Addresses that are new since then and wrote or did something here, and those who followed again.
SELECT x.place, i.id, i.kind, i.blind, i.masked, i.inbox_id FROM (
  (SELECT n.id AS place, n.id FROM identity n
   WHERE n.id > $2 AND (
     EXISTS (SELECT FROM conversation c WHERE c.identity_id = n.id AND c.inbox_id = $1)
     OR EXISTS (SELECT FROM channel_event e WHERE e.identity_id = n.id AND e.inbox_id = $1))
   ORDER BY n.id LIMIT $3)
  UNION ALL
  (SELECT e.id, e.identity_id FROM channel_event e WHERE e.id > $2 AND e.inbox_id = $1 AND e.kind = 'follow'
   ORDER BY e.id LIMIT $3)
) x JOIN identity i ON i.id = x.id AND i.valid_to IS NULL
ORDER BY x.place LIMIT $3;

-- name: waiting_refs()
-- What is sealed of files that are still to be fetched.
SELECT message_id, place, ref FROM media_fetch WHERE state = 'waiting';

-- name: reseal_ref(message_id, place, ref)
-- The same under another master key.
UPDATE media_fetch SET ref = $3 WHERE message_id = $1 AND place = $2;

-- name: forget_media(before, most)
-- Files whose fate is decided and long known.
DELETE FROM media_fetch WHERE ctid IN (
  SELECT ctid FROM media_fetch WHERE state <> 'waiting' AND next_at < $1 LIMIT $2) RETURNING 1;
