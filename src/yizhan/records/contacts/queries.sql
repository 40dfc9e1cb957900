-- name: contact(id)
-- One contact.
SELECT id, person_id, name, level, locale, fields, created_at, version FROM contact WHERE id = $1;

-- name: version(id)
-- How often a contact was changed.
SELECT version FROM contact WHERE id = $1;

-- name: lock_persons(ids)
-- The heads of these contacts' persons, locked in id order.
SELECT contact_heads($1);

-- name: link_pairs(ids, ones, others, evidence, strength, actor, at, again)
-- Links pairs as far as they may be; what became of each.
SELECT link_id, one, other, outcome, version FROM contact_link($1, $2, $3, $4, $5, $6, $7, $8);

-- name: members(heads)
-- All contacts of these persons.
SELECT id, person_id FROM contact WHERE person_id = ANY ($1) ORDER BY id;

-- name: links_among(contacts)
-- The links that hold among these contacts.
SELECT id, a_contact, b_contact, strength, evidence, actor, at FROM link
WHERE ended_at IS NULL AND a_contact = ANY ($1) AND b_contact = ANY ($1);

-- name: cards_of(heads)
-- The identity cards of these persons, by head.
SELECT c.person_id, i.blind FROM contact c JOIN identity i ON i.contact_id = c.id
WHERE c.person_id = ANY ($1) AND i.kind = 'id_card' AND i.valid_to IS NULL;

-- name: set_persons(ids, heads)
-- Writes the heads of a recomputed group; untouched rows stay untouched.
UPDATE contact c SET person_id = x.head, version = version + 1
FROM unnest($1::uuid[], $2::uuid[]) x(id, head) WHERE c.id = x.id AND c.person_id <> x.head;

-- name: link(id)
-- One link that holds.
SELECT id, a_contact, b_contact, strength, evidence, actor, at FROM link WHERE id = $1 AND ended_at IS NULL;

-- name: end_link(id, at, by)
-- The link no longer holds; its row and its evidence stay.
UPDATE link SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL;

-- name: add_claim(contact_id, kind, blind, sealed, masked, at)
-- What a visitor says of himself.
INSERT INTO claim (contact_id, kind, blind, sealed, masked, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (contact_id, blind) DO UPDATE SET at = $6;

-- name: claimed(contact_id, kind)
-- The address of a kind that somebody left last.
SELECT blind, masked FROM claim WHERE contact_id = $1 AND kind = $2 ORDER BY at DESC LIMIT 1;

-- name: sealed_claim(contact_id, blind)
-- An address that somebody left, with the key that opens it.
SELECT k.sealed, c.data_key FROM claim k JOIN contact c ON c.id = k.contact_id WHERE k.contact_id = $1 AND k.blind = $2;

-- name: claimants(blind, most)
-- Who gave this address as his own, the latest first; not whose it is.
SELECT k.contact_id FROM claim k WHERE k.blind = $1
  AND NOT EXISTS (SELECT FROM identity i WHERE i.blind = $1 AND i.valid_to IS NULL AND i.contact_id = k.contact_id)
ORDER BY k.at DESC LIMIT $2;

-- name: rename(id, name)
-- A name the visitor gave.
UPDATE contact SET name = $2, version = version + 1 WHERE id = $1 AND name <> $2 RETURNING version;

-- name: change(id, version, name, level, fields)
-- A change by hand, refused when the row moved on.
UPDATE contact SET name = $3, level = $4, fields = $5, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version;

-- name: identity(id)
-- An identity with its contact's wrapped key.
SELECT i.id, i.contact_id, i.kind, i.rank, i.masked, i.sealed, i.inbox_id, i.verified_at, c.data_key
FROM identity i JOIN contact c ON c.id = i.contact_id WHERE i.id = $1;

-- name: data_key(id)
-- A contact's wrapped key.
SELECT data_key FROM contact WHERE id = $1;

-- name: identity_by_blind(blind)
-- Whose address this is now.
SELECT i.id, i.contact_id, i.kind, i.rank, i.masked, i.sealed, i.inbox_id, i.verified_at, c.data_key
FROM identity i JOIN contact c ON c.id = i.contact_id WHERE i.blind = $1 AND i.valid_to IS NULL;

-- name: signed_in_before(identity_id, inbox_id)
-- Who a proved user was in this inbox until he signed in: the anonymous visitors joined with him for that reason.
SELECT i.id FROM identity u
JOIN link l ON l.ended_at IS NULL AND l.evidence->>'kind' = 'sign_in' AND u.contact_id IN (l.a_contact, l.b_contact)
JOIN identity i ON i.contact_id = CASE WHEN l.a_contact = u.contact_id THEN l.b_contact ELSE l.a_contact END
WHERE u.id = $1 AND u.kind = 'user' AND i.kind = 'visitor' AND i.inbox_id = $2 AND i.valid_to IS NULL ORDER BY i.id;

-- name: add_contact(id, name, locale, data_key, at)
-- Somebody who proved who he is before he wrote as himself.
INSERT INTO contact (id, person_id, name, level, locale, data_key, fields, created_at, version)
VALUES ($1, $1, $2, 0, $3, $4, '{}', $5, 1);

-- name: add_identity(id, contact_id, kind, sealed, blind, masked, inbox_id, at, rank)
-- His proved identity; null when another transaction was first.
INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, inbox_id, verified_at, valid_from)
VALUES ($1, $2, $3, $9, $4, $5, $6, $7, $8, $8)
ON CONFLICT (blind) WHERE valid_to IS NULL DO NOTHING RETURNING id;

-- name: verify(id, at, rank)
-- A signed log-in or a code proves the identity.
UPDATE identity SET verified_at = $2, rank = $3 WHERE id = $1;

-- name: lock_identity_by_blind(blind)
-- Whose address this is now, held.
SELECT i.id, i.contact_id, i.kind, i.rank, i.masked, i.sealed, i.inbox_id, i.verified_at, c.data_key
FROM identity i JOIN contact c ON c.id = i.contact_id WHERE i.blind = $1 AND i.valid_to IS NULL FOR NO KEY UPDATE OF i;

-- name: persons(ids)
-- The heads of these contacts.
SELECT id, person_id FROM contact WHERE id = ANY ($1);

-- name: in_conflict(one, other)
-- Whether two persons have different identity cards, UnionIDs or accounts of one site.
SELECT EXISTS (
  SELECT FROM contact ca JOIN identity a ON a.contact_id = ca.id AND a.valid_to IS NULL
  JOIN identity b ON b.kind = a.kind AND b.blind <> a.blind AND b.inbox_id IS NOT DISTINCT FROM a.inbox_id AND b.valid_to IS NULL
  JOIN contact cb ON cb.id = b.contact_id
  WHERE ca.person_id = $1 AND cb.person_id = $2 AND a.kind IN ('id_card', 'unionid', 'user'));

-- name: end_identity(id, at)
-- It is his no longer; what was said by it stays.
UPDATE identity SET valid_to = $2 WHERE id = $1 AND valid_to IS NULL RETURNING id;

-- name: reclassify(id, kind, rank)
-- A number that turned out to be several people's, or one's after all.
UPDATE identity SET kind = $2, rank = $3, verified_at = NULL WHERE id = $1;

-- name: claims_of(contact_id)
-- What the contacts of a person said is theirs and is nobody's yet, the latest first.
SELECT DISTINCT ON (k.blind) k.contact_id, k.kind, k.blind, k.masked, k.at
FROM contact o JOIN contact c ON c.person_id = o.person_id JOIN claim k ON k.contact_id = c.id
WHERE o.id = $1 ORDER BY k.blind, k.contact_id = $1 DESC, k.at DESC LIMIT 20;

-- name: identities_of(contact_id)
-- The identities of a person that count now.
SELECT i.id, i.contact_id, i.kind, i.rank, i.masked, i.sealed, i.inbox_id, i.verified_at, c.data_key
FROM contact o JOIN contact c ON c.person_id = o.person_id JOIN identity i ON i.contact_id = c.id
WHERE o.id = $1 AND i.valid_to IS NULL ORDER BY i.id LIMIT 100;

-- name: data_keys(after, count)
-- Wrapped keys of contacts in id order, for rotation.
SELECT id, data_key FROM contact WHERE id > $1 ORDER BY id LIMIT $2;

-- name: set_data_keys(ids, keys)
-- The same keys under another master key.
UPDATE contact c SET data_key = x.key FROM unnest($1::uuid[], $2::bytea[]) x(id, key) WHERE c.id = x.id;

-- name: holders(blinds)
-- Who holds these identifiers now.
SELECT k.blind, i.id, i.contact_id, i.verified_at, i.kind FROM unnest($1::bytea[]) k(blind)
CROSS JOIN LATERAL (SELECT x.id, x.contact_id, x.verified_at, x.kind FROM identity x
                    WHERE x.blind = k.blind AND x.valid_to IS NULL LIMIT 1) i;

-- name: add_identities(ids, contacts, kinds, ranks, sealed, blinds, masked, verified, inboxes, at)
-- Identities that nobody holds; one that somebody does is left out.
INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, verified_at, inbox_id, valid_from)
SELECT x.*, $10::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[],
  $7::text[], $8::timestamptz[], $9::uuid[]) x
ON CONFLICT (blind) WHERE valid_to IS NULL DO NOTHING RETURNING blind;

-- name: add_contacts(ids, names, levels, fields, data_keys, locales, at)
-- Contacts that a source told of.
INSERT INTO contact (id, person_id, name, level, data_key, fields, locale, created_at, version)
SELECT x.id, x.id, x.name, x.level, x.data_key, x.fields, x.locale, $7::timestamptz, 1
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[], $5::bytea[], $6::text[])
  x(id, name, level, fields, data_key, locale);

-- name: prove(ids, times, primary)
-- When these were proved last.
UPDATE identity i SET verified_at = x.at, rank = CASE WHEN x.is_primary THEN 'primary' ELSE i.rank END
FROM unnest($1::uuid[], $2::timestamptz[], $3::bool[]) x(id, at, is_primary)
WHERE i.id = x.id AND (i.verified_at IS NULL OR i.verified_at < x.at);

-- name: known_claims(contacts, blinds)
-- Which of these are claimed already.
SELECT k.contact_id, k.blind FROM unnest($1::uuid[], $2::bytea[]) x(contact_id, blind)
JOIN claim k ON k.contact_id = x.contact_id AND k.blind = x.blind;

-- name: add_claims(contacts, kinds, blinds, sealed, masked, at)
-- What sources say of contacts and nothing proves.
INSERT INTO claim (contact_id, kind, blind, sealed, masked, at)
SELECT x.*, $6::timestamptz FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::text[]) x
ON CONFLICT (contact_id, blind) DO NOTHING;

-- name: data_keys_of(ids)
-- The wrapped keys of these.
SELECT id, data_key FROM contact WHERE id = ANY ($1);

-- name: versions(ids)
-- How often each of these was changed.
SELECT id, version FROM contact WHERE id = ANY ($1);

-- name: lock_cards(ids)
-- What is known of these, locked in id order.
SELECT id, name, level, fields, data_key, version FROM contact WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE;

-- name: write_cards(ids, names, levels, fields)
-- What is known of these now.
UPDATE contact c SET name = x.name, level = x.level, fields = x.fields, version = c.version + 1
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::jsonb[]) x(id, name, level, fields)
WHERE c.id = x.id RETURNING c.id, c.version;

-- name: withdraw(ids)
-- Identities of this transaction that are not to be.
DELETE FROM identity WHERE id = ANY ($1);

-- name: cards_differ(one, other)
-- Whether the persons of two contacts have different identity cards.
SELECT contact_cards_differ(a.person_id, b.person_id) FROM contact a, contact b WHERE a.id = $1 AND b.id = $2;
