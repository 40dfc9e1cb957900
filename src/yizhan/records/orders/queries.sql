-- name: known(source, numbers)
-- Which of these orders are known, locked in the order of their numbers.
SELECT id, number, contact_id, status, changed_at, digest, version FROM customer_order
WHERE source = $1 AND number = ANY ($2) ORDER BY number FOR NO KEY UPDATE;

-- name: told(source, numbers)
-- Which of these orders are known.
SELECT number FROM customer_order WHERE source = $1 AND number = ANY ($2);

-- name: add(ids, brands, source, numbers, identities, contacts, statuses, totals, currencies, placed, changed, documents, addresses, digests)
-- New orders; one that another transaction told of meanwhile is left out.
INSERT INTO customer_order (id, brand_id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at,
  changed_at, document, address_sealed, digest, version)
SELECT x.id, x.brand, $3::text, x.number, x.identity, x.contact, x.status, x.total, x.currency, x.placed, x.changed,
  x.document, x.address, x.digest, 1
FROM unnest($1::uuid[], $2::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[], $9::text[],
  $10::timestamptz[], $11::timestamptz[], $12::jsonb[], $13::bytea[], $14::bytea[])
  x(id, brand, number, identity, contact, status, total, currency, placed, changed, document, address, digest)
ON CONFLICT (source, number) DO NOTHING RETURNING number;

-- name: change(ids, brands, identities, contacts, statuses, totals, currencies, placed, changed, documents, addresses, digests)
-- What the source says of known orders now; they are locked.
UPDATE customer_order o SET brand_id = coalesce(x.brand, o.brand_id), identity_id = x.identity, contact_id = x.contact,
  status = x.status, total_fen = x.total, currency = x.currency, placed_at = x.placed, changed_at = x.changed,
  document = x.document, address_sealed = x.address, digest = x.digest, version = o.version + 1
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::text[],
  $8::timestamptz[], $9::timestamptz[], $10::jsonb[], $11::bytea[], $12::bytea[])
  x(id, brand, identity, contact, status, total, currency, placed, changed, document, address, digest)
WHERE o.id = x.id;

-- name: of_contacts(contacts, before, count)
-- The orders of these contacts, the latest first.
SELECT id, brand_id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at, changed_at, document,
  address_sealed, digest, version
FROM customer_order WHERE contact_id = ANY ($1) AND ($2::timestamptz IS NULL OR placed_at < $2)
ORDER BY placed_at DESC, id DESC LIMIT $3;

-- name: numbered(number, count)
-- Orders of a number, whichever source tells of it.
SELECT id, brand_id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at, changed_at, document,
  address_sealed, digest, version
FROM customer_order WHERE number = $1 ORDER BY placed_at DESC LIMIT $2;

-- name: by_id(ids)
-- Orders.
SELECT id, brand_id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at, changed_at, document,
  address_sealed, digest, version
FROM customer_order WHERE id = ANY ($1);
