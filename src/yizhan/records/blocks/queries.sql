-- name: warn(id, identity_id, contact_id, conversation_id, message_id, reason, actor, at)
-- A warning, once for one message.
INSERT INTO block_warning (id, identity_id, contact_id, conversation_id, message_id, reason, actor, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (message_id) DO NOTHING RETURNING id;

-- name: warned_since(identity_id, since)
-- How often somebody was warned lately.
SELECT count(*) FROM block_warning WHERE identity_id = $1 AND at > $2;

-- name: end_standing(scope, subject, at, by)
-- What is in force for the same, or has run out, makes room.
UPDATE block SET ended_at = $3, ended_by = $4, version = version + 1
WHERE scope = $1 AND subject = $2 AND ended_at IS NULL;

-- name: add(id, scope, subject, identity_id, contact_id, brand_id, team_id, conversation_id, message_id, reason, note, until, made_by, made_at)
-- One more.
INSERT INTO block (id, scope, subject, identity_id, contact_id, brand_id, team_id, conversation_id, message_id, reason,
    note, until, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: lock(id)
-- One, for a decision.
SELECT * FROM block WHERE id = $1 FOR NO KEY UPDATE;

-- name: lift(id, at, by)
-- He is heard again.
UPDATE block SET ended_at = $2, ended_by = $3, version = version + 1 WHERE id = $1;

-- name: review(id, at, by)
-- Looked at, and it stays.
UPDATE block SET reviewed_at = $2, reviewed_by = $3, version = version + 1 WHERE id = $1;

-- name: turned_away(ids, counts, at, told)
-- They wrote again, and some were told once more.
UPDATE block b SET turned_away = b.turned_away + x.n, last_at = $3, told_at = CASE WHEN x.told THEN $3 ELSE b.told_at END
FROM unnest($1::uuid[], $2::int[], $4::bool[]) x(id, n, told) WHERE b.id = x.id;
