-- name: add(id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at, purpose, note)
-- An appointment as it was made.
INSERT INTO appointment (id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at,
  purpose, note, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'booked');

-- name: lock(id)
-- One appointment, held.
SELECT id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at, purpose, note, state,
       settled_at, settled_by, reason, version
FROM appointment WHERE id = $1 FOR NO KEY UPDATE;

-- name: by_id(ids)
-- Appointments as they are.
SELECT id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at, purpose, note, state,
       settled_at, settled_by, reason, version
FROM appointment WHERE id = ANY ($1) ORDER BY starts_at, id;

-- name: of_shop(shop, from_at, to_at, count)
-- Who comes to a shop in a span, whoever comes first first.
SELECT id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at, purpose, note, state,
       settled_at, settled_by, reason, version
FROM appointment WHERE shop = $1 AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, id LIMIT $4;

-- name: of_conversations(conversations, count)
-- What was passed on from these conversations, the latest first.
SELECT id, shop, contact_id, conversation_id, ticket_id, brand_id, team_id, made_by, made_at, starts_at, purpose, note, state,
       settled_at, settled_by, reason, version
FROM appointment WHERE conversation_id = ANY ($1) ORDER BY starts_at DESC, id LIMIT $2;

-- name: booked_between(contact_id, shop, from_at, to_at, but)
-- Whether the person comes to a shop already in a span, `but` for one appointment.
SELECT a.id FROM contact h JOIN contact c ON c.person_id = h.person_id JOIN appointment a ON a.contact_id = c.id
WHERE h.id = $1 AND a.shop = $2 AND a.state = 'booked' AND a.starts_at >= $3 AND a.starts_at < $4
  AND a.id IS DISTINCT FROM $5::uuid LIMIT 1;

-- name: take_slot(shop, starts_at, most)
-- One more comes at a time; no row when it is full.
INSERT INTO appointment_slot AS s (shop, starts_at, taken) VALUES ($1, $2, 1)
ON CONFLICT (shop, starts_at) DO UPDATE SET taken = s.taken + 1 WHERE s.taken < $3
RETURNING taken;

-- name: hold_slots(shops, starts)
-- Both times of a move, held in one order: who moves the other way waits.
SELECT s.taken FROM appointment_slot s JOIN unnest($1::text[], $2::timestamptz[]) u(shop, starts_at)
  ON s.shop = u.shop AND s.starts_at = u.starts_at ORDER BY s.shop, s.starts_at FOR UPDATE OF s;

-- name: free_slot(shop, starts_at)
-- One fewer comes.
UPDATE appointment_slot SET taken = taken - 1 WHERE shop = $1 AND starts_at = $2 AND taken > 0;

-- name: taken(shop, from_at, to_at)
-- How many come at which times.
SELECT starts_at, taken FROM appointment_slot WHERE shop = $1 AND starts_at >= $2 AND starts_at < $3 AND taken > 0;

-- name: settle(id, state, at, by, reason)
-- It is over.
UPDATE appointment SET state = $2, settled_at = $3, settled_by = $4, reason = $5, version = version + 1
WHERE id = $1 RETURNING version;

-- name: move(id, shop, starts_at)
-- Another time, or another shop.
UPDATE appointment SET shop = $2, starts_at = $3, state = 'booked', settled_at = NULL, settled_by = NULL, reason = NULL,
       version = version + 1
WHERE id = $1 RETURNING version;
