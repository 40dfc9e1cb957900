-- name: records(contacts)
-- What every source says of these contacts.
SELECT contact_id, source, fields, sealed, at, hands FROM profile_record WHERE contact_id = ANY ($1)
ORDER BY contact_id, source;

-- name: write_records(contacts, sources, fields, sealed, times, hands)
-- What a source says now; its contacts are locked.
INSERT INTO profile_record (contact_id, source, fields, sealed, at, hands)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::bytea[], $5::timestamptz[], $6::jsonb[])
ON CONFLICT (contact_id, source) DO UPDATE SET fields = excluded.fields, sealed = excluded.sealed, at = excluded.at,
  hands = excluded.hands;

-- name: add_past(ids, contacts, sources, fields, values, sealed, since, until, said_by, by)
-- What was said before.
INSERT INTO profile_value (id, contact_id, source, field, value, sealed, since, until, said_by, by)
SELECT x.*, $10::text FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[],
  $7::timestamptz[], $8::timestamptz[], $9::text[]) x;

-- name: past(contacts, field, count)
-- What was said of these contacts before, the latest first; of one field where it is named.
SELECT id, contact_id, source, field, value, sealed, since, until, by, said_by FROM profile_value
WHERE contact_id = ANY ($1) AND ($2::text IS NULL OR field = $2) ORDER BY until DESC, id DESC LIMIT $3;

-- name: records_after(contact_id, source, count)
-- All records in the order of their keys, a page at a time.
SELECT contact_id, source, fields, sealed, at, hands FROM profile_record
WHERE (contact_id, source) > ($1, $2) ORDER BY contact_id, source LIMIT $3;
