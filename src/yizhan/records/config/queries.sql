-- name: insert_document(id, kind, name, version, body, created_at, created_by, note)
-- Fails on the unique key when somebody else wrote the same version meanwhile.
INSERT INTO config_document (id, kind, name, version, body, created_at, created_by, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: latest(kind, name)
-- The newest version of a document, released or not.
SELECT id, kind, name, version, body, created_at, created_by, note
FROM config_document WHERE kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1;

-- name: latest_of_all()
-- The newest version of every document.
SELECT DISTINCT ON (kind, name) id, kind, name, version, body, created_at, created_by, note
FROM config_document ORDER BY kind, name, version DESC;

-- name: picked(kinds, names, versions)
-- Exactly these versions, those of them that exist.
SELECT d.id, d.kind, d.name, d.version, d.body, d.created_at, d.created_by, d.note
FROM config_document d
JOIN unnest($1::text[], $2::text[], $3::int[]) AS p (kind, name, version)
  ON d.kind = p.kind AND d.name = p.name AND d.version = p.version
ORDER BY d.kind, d.name;

-- name: versions(kind, name)
-- The history of a document, newest first.
SELECT id, kind, name, version, body, created_at, created_by, note
FROM config_document WHERE kind = $1 AND name = $2 ORDER BY version DESC;

-- name: current_release()
-- The release in force.
SELECT id, number, parent, released_at, released_by, note FROM config_release ORDER BY number DESC LIMIT 1;

-- name: release(number)
-- One release.
SELECT id, number, parent, released_at, released_by, note FROM config_release WHERE number = $1;

-- name: releases(before, count)
-- Releases, newest first, of numbers below the given one.
SELECT id, number, parent, released_at, released_by, note
FROM config_release WHERE number < $1 ORDER BY number DESC LIMIT $2;

-- name: released_documents(number)
-- The whole set of a release.
SELECT d.id, d.kind, d.name, d.version, d.body, d.created_at, d.created_by, d.note
FROM config_release r
JOIN config_release_item i ON i.release_id = r.id
JOIN config_document d ON d.id = i.document_id
WHERE r.number = $1
ORDER BY d.kind, d.name;

-- name: insert_release(id, number, parent, released_at, released_by, note)
-- Fails on the unique number when somebody else released meanwhile.
INSERT INTO config_release (id, number, parent, released_at, released_by, note)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: insert_items(release_id, document_ids)
-- The set of a release.
INSERT INTO config_release_item (release_id, kind, name, document_id)
SELECT $1, kind, name, id FROM config_document WHERE id = ANY($2::uuid[]);

-- name: count_faults(kinds, sources, rules, errors, times, at)
-- Failures of rules, added to those known; which of them nobody has been told of yet.
INSERT INTO rule_fault AS f (kind, source, rule, error, first_at, last_at, times)
SELECT x.kind, x.source, x.rule, x.error, $6, $6, x.times
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) x (kind, source, rule, error, times)
ORDER BY 1, 2, 3
ON CONFLICT (kind, source, rule) DO UPDATE SET last_at = greatest(f.last_at, excluded.last_at), times = f.times + excluded.times
RETURNING kind, source, rule, xmax = 0 AS new;

-- name: failed_rules(since, count)
-- Rules that failed since then, who failed last first.
SELECT kind, source, rule, error, first_at, last_at, times FROM rule_fault WHERE last_at >= $1
ORDER BY last_at DESC, kind, source, rule LIMIT $2;
