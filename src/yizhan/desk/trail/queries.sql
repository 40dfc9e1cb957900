-- name: latest_visit(inbox_id, visitor)
-- The visit that may still be going on.
SELECT id, inbox_id, visitor, started_at, seen_at, origin, pages, cart FROM visit
WHERE visitor = $2 AND inbox_id = $1 ORDER BY id DESC LIMIT 1;

-- name: visit_by_id(visit_id)
-- One visit.
SELECT id, inbox_id, visitor, started_at, seen_at, origin, pages, cart FROM visit WHERE id = $1;

-- name: insert_visit(id, inbox_id, visitor, at, origin)
-- A visit begins.
INSERT INTO visit (id, inbox_id, visitor, started_at, seen_at, origin) VALUES ($1, $2, $3, $4, $4, $5);

-- name: adopt_visits(inbox_id, before, visitor)
-- What a browser did before its visitor signed in is his.
UPDATE visit SET visitor = $3 WHERE inbox_id = $1 AND visitor = $2 RETURNING id;

-- name: touch_visit(visit_id, at)
-- The visitor is still there.
UPDATE visit SET seen_at = greatest(seen_at, $2) WHERE id = $1;

-- name: insert_items(ids, visits, kinds, urls, titles, data, ats, dwells)
-- A batch of what visitors did.
INSERT INTO trail (id, visit_id, kind, url, title, data, at, dwell_ms)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[],
                     $8::int[])
ON CONFLICT (id) DO NOTHING;

-- name: add_dwell(visits, urls, dwells)
-- The visible time belongs to the newest view of that address.
UPDATE trail t SET dwell_ms = greatest(coalesce(t.dwell_ms, 0), d.ms)
FROM (SELECT DISTINCT ON (n.id) n.id, g.ms
      FROM unnest($1::uuid[], $2::text[], $3::int[]) AS g (visit_id, url, ms)
      CROSS JOIN LATERAL (SELECT p.id FROM trail p WHERE p.visit_id = g.visit_id AND p.kind = 'page' AND p.url = g.url
                          ORDER BY p.id DESC LIMIT 1) n
      ORDER BY n.id, g.ms DESC) d
WHERE t.id = d.id;

-- name: carts(visits)
-- Locked in the order of ids, because two nodes may write the same visit.
SELECT id, cart FROM visit WHERE id = ANY ($1) ORDER BY id FOR UPDATE;

-- name: advance_visits(visits, seen, pages)
-- Still there, and so many pages further.
UPDATE visit v SET seen_at = greatest(v.seen_at, g.seen), pages = v.pages + g.pages
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS g (id, seen, pages) WHERE v.id = g.id;

-- name: set_carts(visits, carts)
-- What lies in the carts now.
UPDATE visit v SET cart = nullif(g.cart, 'null'::jsonb) FROM unnest($1::uuid[], $2::jsonb[]) AS g (id, cart)
WHERE v.id = g.id;

-- name: newest_visit_of(visitors)
-- A customer may come by several browsers; the newest visit is what the agent wants to see.
SELECT id, inbox_id, visitor, started_at, seen_at, origin, pages, cart FROM visit
WHERE visitor = ANY ($1) ORDER BY seen_at DESC LIMIT 1;

-- name: items_of_visit(visit_id, count)
-- What was done in a visit, newest first.
SELECT kind, url, title, at, dwell_ms, data FROM trail WHERE visit_id = $1 ORDER BY id DESC LIMIT $2;

-- name: online_visits(since, count)
-- Who is on the site, longest first, with the page before them.
SELECT v.id, v.inbox_id, v.visitor, v.started_at, v.seen_at, v.origin, v.pages, v.cart,
       p.url, p.title, p.at AS since
FROM (SELECT * FROM visit WHERE seen_at > $1 ORDER BY started_at LIMIT $2) v
LEFT JOIN LATERAL (SELECT t.url, t.title, t.at FROM trail t WHERE t.visit_id = v.id AND t.kind = 'page'
                   ORDER BY t.id DESC LIMIT 1) p ON true
ORDER BY v.started_at;

-- name: invitations_since(inbox_id, visitor, since)
-- How often this visitor was invited lately.
SELECT id, inbox_id, visitor, rule, text, actor, at, answer FROM invitation
WHERE visitor = $2 AND inbox_id = $1 AND at > $3 ORDER BY at DESC;

-- name: lock_visitor(visitor)
-- Two tabs of one visitor ask at the same moment; only one may be invited. Released at the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('invitation:' || encode($1, 'hex'), 0));

-- name: insert_invitation(id, inbox_id, visitor, rule, text, actor, at)
-- A visitor is invited.
INSERT INTO invitation (id, inbox_id, visitor, rule, text, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: answer_invitation(inbox_id, visitor, reference, answer)
-- By its id or by its rule's: the newest of this visitor. Closed after accepted does not count back.
UPDATE invitation SET answer = $4
WHERE id = (SELECT i.id FROM invitation i WHERE i.visitor = $2 AND i.inbox_id = $1
              AND (i.id::text = $3 OR (i.rule = $3 AND i.rule <> '')) ORDER BY i.at DESC LIMIT 1)
  AND (answer IS NULL OR answer = 'shown')
RETURNING id;

-- name: visits_before(seen, count)
-- Visits whose time of keeping is over.
SELECT id FROM visit v WHERE seen_at < $1 AND NOT visitor_is_held(v.visitor) ORDER BY seen_at LIMIT $2;

-- name: free_visitors(visitors)
-- Those of these that no legal hold keeps.
SELECT v.visitor FROM unnest($1::bytea[]) AS v (visitor) WHERE NOT visitor_is_held(v.visitor);

-- name: visits_of(visitors)
-- All visits of these visitors.
SELECT id FROM visit WHERE visitor = ANY ($1);

-- name: delete_items(visits)
-- With their visits.
DELETE FROM trail WHERE visit_id = ANY ($1);

-- name: delete_visits(visits)
-- After their items.
DELETE FROM visit WHERE id = ANY ($1);

-- name: delete_invitations_of(visitors)
-- A visitor is forgotten.
DELETE FROM invitation WHERE visitor = ANY ($1);

-- name: delete_invitations_before(at)
-- Their time of keeping is over.
DELETE FROM invitation i WHERE at < $1 AND NOT visitor_is_held(i.visitor);

-- name: running_visit(inbox_id, visitor, since)
-- The visit that goes on.
SELECT id FROM visit WHERE visitor = $2 AND inbox_id = $1 AND seen_at > $3 ORDER BY id DESC LIMIT 1;

-- name: keep_words(visitor, inbox_id, said, at)
-- What a visitor said of himself; a later word holds all that is known.
INSERT INTO visitor_words (visitor, inbox_id, said, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (visitor) DO UPDATE SET said = excluded.said, at = excluded.at;

-- name: words_of(visitor)
-- What is known of him so far.
SELECT said FROM visitor_words WHERE visitor = $1;

-- name: locked_words(visitor)
-- The same to change it: two tabs may speak at once.
SELECT said FROM visitor_words WHERE visitor = $1 FOR UPDATE;

-- name: delete_words(visitors)
-- They were passed on, or their visitors are forgotten.
DELETE FROM visitor_words WHERE visitor = ANY ($1);

-- name: delete_words_before(at)
-- Their time of keeping is over.
DELETE FROM visitor_words w WHERE at < $1 AND NOT visitor_is_held(w.visitor);

-- name: take_once(keys, at)
-- Those of these that were not there before.
INSERT INTO trail_taken (key, at) SELECT key, $2 FROM unnest($1::bytea[]) AS g (key) ORDER BY key
ON CONFLICT DO NOTHING RETURNING key;

-- name: delete_taken_before(at)
-- Senders repeat within days, not later.
DELETE FROM trail_taken WHERE at < $1;

-- name: visits_now(ids)
-- These visits with the page before each.
SELECT v.id, v.inbox_id, v.visitor, v.started_at, v.seen_at, v.origin, v.pages, v.cart,
       p.url, p.title, p.at AS since
FROM visit v
LEFT JOIN LATERAL (SELECT t.url, t.title, t.at FROM trail t WHERE t.visit_id = v.id AND t.kind = 'page'
                   ORDER BY t.id DESC LIMIT 1) p ON true
WHERE v.id = ANY ($1);
