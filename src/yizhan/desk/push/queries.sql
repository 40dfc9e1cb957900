-- name: register(id, inbox_id, blind, provider, hash, token, locale, at, quiet)
-- A device belongs to whoever said so last.
INSERT INTO push_token (id, inbox_id, blind, provider, hash, token, locale, at, quiet)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (inbox_id, provider, hash) DO UPDATE
SET id = excluded.id, blind = excluded.blind, token = excluded.token, locale = excluded.locale, at = excluded.at,
    quiet = excluded.quiet;

-- name: trim(inbox_id, blind, count)
-- Only the newest devices of a person.
DELETE FROM push_token WHERE id IN (
  SELECT id FROM push_token WHERE inbox_id = $1 AND blind = $2 ORDER BY at DESC, id DESC OFFSET $3);

-- name: withdraw(inbox_id, blind, provider, hash)
-- A device of this person no longer rings.
DELETE FROM push_token WHERE inbox_id = $1 AND blind = $2 AND provider = $3 AND hash = $4;

-- name: adopt(inbox_id, before, blind)
-- Who signs in keeps the device with which he came.
UPDATE push_token SET blind = $3 WHERE inbox_id = $1 AND blind = $2;

-- name: drop(id)
-- Gone, as its vendor says.
DELETE FROM push_token WHERE id = $1;

-- name: waits(conversation_ids, seconds)
-- Those of these chats whose visitor has a device, and how long he has to read.
SELECT v.id, coalesce((x.settings->'push'->>'after')::int, $2) AS seconds
FROM conversation v JOIN inbox x ON x.id = v.inbox_id
WHERE v.id = ANY ($1) AND v.channel = 'webchat' AND EXISTS (
  SELECT FROM identity i JOIN push_token p ON p.blind = i.blind AND p.inbox_id = v.inbox_id
  WHERE i.id IN (v.identity_id, (SELECT l.identity_id FROM conversation_login l WHERE l.conversation_id = v.id)));

-- name: unheard(conversation_id)
-- Answers of people since the visitor was last heard of.
WITH heard AS (
  SELECT greatest(
    (SELECT r.message_id FROM read_mark r WHERE r.conversation_id = $1 AND r.reader = 'customer'),
    (SELECT m.id FROM message m WHERE m.conversation_id = $1 AND m.direction = 'in' ORDER BY m.id DESC LIMIT 1)) AS id
), answer AS (
  SELECT m.id, m.text FROM heard CROSS JOIN message m
  WHERE m.conversation_id = $1 AND m.direction = 'out' AND m.author LIKE 'agent:%' AND m.recalled_at IS NULL
    AND (heard.id IS NULL OR m.id > heard.id)
  ORDER BY m.id DESC LIMIT 99
)
SELECT v.inbox_id, (SELECT count(*) FROM answer)::int AS count, (SELECT id FROM answer LIMIT 1) AS last,
  coalesce((SELECT text FROM answer LIMIT 1), '') AS text, (SELECT id FROM heard) AS heard,
  (SELECT message_id FROM push_burst WHERE conversation_id = $1) AS rung
FROM conversation v WHERE v.id = $1;

-- name: rung(conversation_id, message_id, at)
-- He was rung with this answer.
INSERT INTO push_burst (conversation_id, message_id, at) VALUES ($1, $2, $3)
ON CONFLICT (conversation_id) DO UPDATE SET message_id = excluded.message_id, at = excluded.at;

-- name: devices(conversation_id)
-- The devices of a chat's visitor, and when they are silent: as he says, and as the house says.
SELECT p.id, p.quiet AS own, coalesce(x.settings->'push', '{}') AS push FROM conversation v JOIN inbox x ON x.id = v.inbox_id
JOIN identity i ON i.id IN (v.identity_id, (SELECT l.identity_id FROM conversation_login l WHERE l.conversation_id = v.id))
JOIN push_token p ON p.blind = i.blind AND p.inbox_id = v.inbox_id
WHERE v.id = $1 ORDER BY p.at DESC LIMIT 10;

-- name: device(id)
-- One device.
SELECT inbox_id, provider, hash, token, locale FROM push_token WHERE id = $1;

-- name: forget(before, count)
-- Devices whose app was not opened for long, and old bursts.
WITH old AS (DELETE FROM push_token WHERE id IN (SELECT id FROM push_token WHERE at < $1 LIMIT $2) RETURNING 1),
rung AS (DELETE FROM push_burst WHERE conversation_id IN (SELECT conversation_id FROM push_burst WHERE at < $1 LIMIT $2)
         RETURNING 1)
SELECT ((SELECT count(*) FROM old) + (SELECT count(*) FROM rung))::int;
