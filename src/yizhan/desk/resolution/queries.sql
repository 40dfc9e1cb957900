-- name: identities(contacts)
-- Everything these were ever known by.
SELECT id, contact_id, kind, blind, sealed, verified_at, valid_to FROM identity
WHERE contact_id = ANY ($1) AND kind <> 'visitor';

-- name: claims(contacts)
-- What these say of themselves.
SELECT contact_id, kind, blind FROM claim WHERE contact_id = ANY ($1);

-- name: orders(contacts, most)
-- Number and sealed address of the latest orders of each.
SELECT o.id, o.contact_id, o.number, o.address_sealed FROM unnest($1::uuid[]) c(id)
CROSS JOIN LATERAL (SELECT x.id, x.contact_id, x.number, x.address_sealed FROM customer_order x
                    WHERE x.contact_id = c.id ORDER BY x.placed_at DESC LIMIT $2) o;

-- name: quoted(contacts, most)
-- Order numbers that these quoted, in their latest tickets.
SELECT t.contact_id, t.order_no FROM unnest($1::uuid[]) c(id)
CROSS JOIN LATERAL (SELECT x.contact_id, x.order_no FROM ticket x WHERE x.contact_id = c.id ORDER BY x.id DESC LIMIT $2) t
WHERE t.order_no IS NOT NULL;

-- name: drop_keys(contacts, holders, fields, keys)
-- What these can no longer be compared by.
DELETE FROM resolution_key r WHERE r.contact_id = ANY ($1)
  AND NOT EXISTS (SELECT FROM unnest($2::uuid[], $3::text[], $4::bytea[]) x(contact_id, field, key)
                  WHERE (x.contact_id, x.field, x.key) = (r.contact_id, r.field, r.key));

-- name: put_keys(contacts, fields, keys, marks)
-- What these can be compared by.
INSERT INTO resolution_key (contact_id, field, key, mark)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[]) ORDER BY 1, 2, 3
ON CONFLICT (contact_id, field, key) DO UPDATE SET mark = excluded.mark WHERE resolution_key.mark <> excluded.mark;

-- name: pairs(contacts, fields, most)
-- Who has something in common with these that few have, is another person, and was never linked with them or judged.
WITH shared AS (
  SELECT DISTINCT least(k.contact_id, o.contact_id) AS a, greatest(k.contact_id, o.contact_id) AS b
  FROM resolution_key k
  CROSS JOIN LATERAL (SELECT array_agg(x.contact_id) AS ids FROM (
    SELECT y.contact_id FROM resolution_key y WHERE y.field = k.field AND y.key = k.key LIMIT $3 + 1) x) h
  CROSS JOIN LATERAL unnest(h.ids) o(contact_id)
  WHERE k.contact_id = ANY ($1) AND k.field = ANY ($2) AND cardinality(h.ids) <= $3 AND o.contact_id <> k.contact_id
)
SELECT s.a, s.b FROM shared s
JOIN contact ca ON ca.id = s.a JOIN contact cb ON cb.id = s.b
WHERE ca.person_id <> cb.person_id
  AND NOT EXISTS (SELECT FROM link l WHERE l.a_contact = s.a AND l.b_contact = s.b)
  AND NOT EXISTS (SELECT FROM link l WHERE l.a_contact = s.b AND l.b_contact = s.a)
  AND NOT EXISTS (SELECT FROM candidate c WHERE c.a_contact = s.a AND c.b_contact = s.b AND c.state IN ('same', 'different', 'linked'))
ORDER BY s.a, s.b;

-- name: known(contacts)
-- What these can be compared by.
SELECT contact_id, field, key, mark FROM resolution_key WHERE contact_id = ANY ($1);

-- name: names(contacts)
-- What these are called.
SELECT id, name FROM contact WHERE id = ANY ($1);

-- name: cards(contacts)
-- The identity cards of the whole persons these belong to.
SELECT c.id AS contact_id, i.blind FROM contact c JOIN contact m ON m.person_id = c.person_id
JOIN identity i ON i.contact_id = m.id AND i.kind = 'id_card' AND i.valid_to IS NULL WHERE c.id = ANY ($1);

-- name: mobiles(contacts)
-- Their mobiles, and when each was verified.
SELECT contact_id, blind, verified_at FROM identity
WHERE contact_id = ANY ($1) AND kind = 'phone' AND valid_to IS NULL AND verified_at IS NOT NULL;

-- name: put_candidates(ids, ones, others, bits, findings, held, at)
-- Pairs for people; one that is there is weighed anew, one that somebody decided stays as it is.
INSERT INTO candidate (id, a_contact, b_contact, state, bits, findings, held, found_at)
SELECT x.id, x.a, x.b, 'open', x.bits, x.findings, x.held, $7::timestamptz
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::real[], $5::jsonb[], $6::text[]) x(id, a, b, bits, findings, held)
ON CONFLICT (a_contact, b_contact) DO UPDATE SET state = 'open', bits = excluded.bits, findings = excluded.findings,
  held = excluded.held
WHERE candidate.state IN ('open', 'dropped')
RETURNING id, a_contact, b_contact, bits, (xmax = 0) AS fresh;

-- name: drop_candidates(contacts, ones, others)
-- Open pairs of these that nothing speaks for any longer.
UPDATE candidate c SET state = 'dropped' WHERE c.state = 'open' AND (c.a_contact = ANY ($1) OR c.b_contact = ANY ($1))
  AND NOT EXISTS (SELECT FROM unnest($2::uuid[], $3::uuid[]) x(a, b) WHERE (x.a, x.b) = (c.a_contact, c.b_contact));

-- name: put_linked(id, one, other, bits, findings, at, link_id)
-- A pair that its weight linked.
INSERT INTO candidate (id, a_contact, b_contact, state, bits, findings, found_at, decided_at, decided_by, link_id)
VALUES ($1, $2, $3, 'linked', $4, $5, $6, $6, 'resolution', $7)
ON CONFLICT (a_contact, b_contact) DO UPDATE SET state = 'linked', bits = excluded.bits, findings = excluded.findings,
  held = '', decided_at = excluded.decided_at, decided_by = excluded.decided_by, link_id = excluded.link_id;

-- name: queue(scope, agent_id, teams, brands, after_bits, after_id, count)
-- What waits for people, the weightiest first: pairs of which the viewer may see one side. Those that became one person
-- meanwhile wait no longer.
SELECT c.id, c.a_contact, c.b_contact, c.state, c.bits, c.findings, c.held, c.found_at, c.decided_at, c.decided_by, c.link_id
FROM candidate c JOIN contact ca ON ca.id = c.a_contact JOIN contact cb ON cb.id = c.b_contact
WHERE c.state = 'open' AND ca.person_id <> cb.person_id
  AND ($5::real IS NULL OR (c.bits, c.id) < ($5::real, $6::uuid))
  AND ($1 = 'all' OR person_is_seen(ca.person_id, $2, $3, $4, $1) OR person_is_seen(cb.person_id, $2, $3, $4, $1))
ORDER BY c.bits DESC, c.id DESC LIMIT $7;

-- name: waiting(scope, agent_id, teams, brands)
-- How many of these there are.
SELECT count(*) FROM candidate c JOIN contact ca ON ca.id = c.a_contact JOIN contact cb ON cb.id = c.b_contact
WHERE c.state = 'open' AND ca.person_id <> cb.person_id
  AND ($1 = 'all' OR person_is_seen(ca.person_id, $2, $3, $4, $1) OR person_is_seen(cb.person_id, $2, $3, $4, $1));

-- name: candidate(id)
-- One pair, locked.
SELECT id, a_contact, b_contact, state, bits, findings, held, found_at, decided_at, decided_by, link_id
FROM candidate WHERE id = $1 FOR UPDATE;

-- name: of_pair(one, other)
-- What is known of a pair.
SELECT id, a_contact, b_contact, state, bits, findings, held, found_at, decided_at, decided_by, link_id
FROM candidate WHERE a_contact = $1 AND b_contact = $2;

-- name: settle(id, state, at, by, link_id, note)
-- Somebody has decided.
UPDATE candidate SET state = $2, decided_at = $3, decided_by = $4, link_id = $5, note = $6 WHERE id = $1;

-- name: undone(links, actors, times)
-- Links that were taken back: what led to them was wrong.
UPDATE candidate c SET state = 'different', decided_by = x.actor, decided_at = x.at
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) x(link_id, actor, at)
WHERE c.link_id = x.link_id AND c.state IN ('same', 'linked');

-- name: decided(count)
-- The latest decisions of people.
SELECT findings, state FROM candidate WHERE state IN ('same', 'different') ORDER BY decided_at DESC LIMIT $1;

-- name: contacts_after(id, count)
-- The next contacts in the order of their ids.
SELECT id FROM contact WHERE id > $1 ORDER BY id LIMIT $2;

-- name: contacts_count()
-- How many contacts there are.
SELECT count(*) FROM contact;

-- name: add_run(id, dry, total, by, at)
-- Looking through all contacts begins; one at a time.
INSERT INTO resolution_run (id, dry, state, total, after, by, created_at)
VALUES ($1, $2, 'running', $3, '00000000-0000-0000-0000-000000000000', $4, $5)
ON CONFLICT ((true)) WHERE state = 'running' DO NOTHING RETURNING id;

-- name: run(id)
-- One run with its progress.
SELECT id, dry, state, total, done, pairs, links, candidates, conflicts, after, by, created_at, ended_at
FROM resolution_run WHERE id = $1;

-- name: lock_run(id)
-- The same, locked.
SELECT id, dry, state, total, done, pairs, links, candidates, conflicts, after, by, created_at, ended_at
FROM resolution_run WHERE id = $1 FOR UPDATE;

-- name: runs(count)
-- The latest runs.
SELECT id, dry, state, total, done, pairs, links, candidates, conflicts, after, by, created_at, ended_at
FROM resolution_run ORDER BY id DESC LIMIT $1;

-- name: advance(id, after, done, pairs, links, candidates, conflicts)
-- How far a run is.
UPDATE resolution_run SET after = $2, done = done + $3, pairs = pairs + $4, links = links + $5,
  candidates = candidates + $6, conflicts = conflicts + $7 WHERE id = $1;

-- name: end_run(id, state, at)
-- It is over.
UPDATE resolution_run SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'running' RETURNING id;

-- name: put_previews(run_id, ones, others, verdicts, bits, findings)
-- What a dry run would do.
INSERT INTO resolution_preview (run_id, a_contact, b_contact, verdict, bits, findings)
SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::real[], $6::jsonb[]) ON CONFLICT DO NOTHING;

-- name: previews(run_id, count)
-- The same, the weightiest first.
SELECT a_contact, b_contact, verdict, bits, findings FROM resolution_preview WHERE run_id = $1
ORDER BY bits DESC, a_contact LIMIT $2;

-- name: forget_previews(run_id)
-- Only the latest dry run keeps its list.
DELETE FROM resolution_preview WHERE run_id <> $1;

-- name: count_patterns(run_id, levels, pairs)
-- How often pairs agreed in which way.
INSERT INTO resolution_pattern (run_id, levels, pairs) SELECT $1::uuid, * FROM unnest($2::jsonb[], $3::int[])
ON CONFLICT (run_id, levels) DO UPDATE SET pairs = resolution_pattern.pairs + excluded.pairs;

-- name: forget_patterns(run_id)
-- Only the latest run is learnt from.
DELETE FROM resolution_pattern WHERE run_id <> $1;

-- name: patterns()
-- The same, with the pairs that were settled before that run and so were not met by it.
SELECT levels, pairs FROM resolution_pattern
UNION ALL
SELECT (SELECT coalesce(jsonb_object_agg(f->>'field', f->>'level'), '{}') FROM jsonb_array_elements(c.findings) f), 1
FROM candidate c WHERE c.state IN ('same', 'different', 'linked') AND c.decided_at < (
  SELECT r.created_at FROM resolution_run r WHERE r.id = (SELECT run_id FROM resolution_pattern LIMIT 1));

-- name: faces(contacts)
-- These contacts and all that are one person with them, with how much hangs on each.
SELECT w.id AS of_contact, c.id, c.person_id, c.name, c.level, c.created_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'masked', i.masked, 'verified', i.verified_at IS NOT NULL,
     'ended', i.valid_to IS NOT NULL) ORDER BY i.id), '[]') FROM identity i WHERE i.contact_id = c.id) AS identities,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'masked', k.masked) ORDER BY k.at), '[]')
   FROM claim k WHERE k.contact_id = c.id) AS claims,
  (SELECT count(*) FROM conversation v WHERE v.contact_id = c.id) AS conversations,
  (SELECT count(*) FROM ticket t WHERE t.contact_id = c.id AND t.merged_into IS NULL) AS tickets,
  (SELECT count(*) FROM customer_order o WHERE o.contact_id = c.id) AS orders
FROM contact w JOIN contact c ON c.person_id = w.person_id WHERE w.id = ANY ($1) ORDER BY w.id, c.id;

-- name: links_of(contacts)
-- The links that hold among these contacts.
SELECT id, a_contact, b_contact, strength, evidence, actor, at FROM link
WHERE ended_at IS NULL AND a_contact = ANY ($1) AND b_contact = ANY ($1) ORDER BY at, id;
