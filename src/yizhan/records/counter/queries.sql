-- name: drop_unused(contact_id, identity_id)
-- Of several codes of one telephone only the newest counts.
DELETE FROM member_code WHERE contact_id = $1 AND identity_id = $2 AND encounter_id IS NULL;

-- name: add_code(code, identity_id, contact_id, signed_in, shown_at, expires_at)
-- A code that is shown from now on; no row when another shows these digits.
INSERT INTO member_code (code, identity_id, contact_id, signed_in, shown_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO NOTHING RETURNING 1;

-- name: lock_code(code, now)
-- A code that counts, held.
SELECT code, identity_id, contact_id, signed_in, shown_at, expires_at, encounter_id
FROM member_code WHERE code = $1 AND expires_at > $2 FOR UPDATE;

-- name: spend_code(code, encounter_id)
-- It was used.
UPDATE member_code SET encounter_id = $2 WHERE code = $1;

-- name: forget_codes(before, count)
-- Codes that are long over.
DELETE FROM member_code WHERE code IN (SELECT code FROM member_code WHERE expires_at < $1 LIMIT $2) RETURNING 1;

-- name: add_encounter(id, shop, contact_id, agent_id, how, verified, appointment_id, at, until)
-- Somebody stands at a counter.
INSERT INTO encounter (id, shop, contact_id, agent_id, how, verified, appointment_id, at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: encounter(id)
-- Who stood before whom.
SELECT id, shop, contact_id, agent_id, how, verified, appointment_id, at, until FROM encounter WHERE id = $1;

-- name: add_visit(id, shop, contact_id, agent_id, encounter_id, appointment_id, ticket_id, purpose, note, at)
-- What he came for; a second time of one encounter says it better.
INSERT INTO shop_visit AS v (id, shop, contact_id, agent_id, encounter_id, appointment_id, ticket_id, purpose, note, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (encounter_id) DO UPDATE SET purpose = excluded.purpose, note = excluded.note,
  ticket_id = coalesce(excluded.ticket_id, v.ticket_id), appointment_id = coalesce(excluded.appointment_id, v.appointment_id)
RETURNING id, shop, contact_id, agent_id, encounter_id, appointment_id, ticket_id, purpose, note, at;

-- name: visit_of_encounter(encounter_id)
-- What he came for, if it was logged.
SELECT id, shop, contact_id, agent_id, encounter_id, appointment_id, ticket_id, purpose, note, at
FROM shop_visit WHERE encounter_id = $1;

-- name: visits_of_shop(shop, from_at, count)
-- Who came to a shop since, the latest first.
SELECT id, shop, contact_id, agent_id, encounter_id, appointment_id, ticket_id, purpose, note, at
FROM shop_visit WHERE shop = $1 AND at >= $2 ORDER BY id DESC LIMIT $3;
