-- name: version(contact_id)
-- How often a contact was changed; nothing of him where there is none.
SELECT version FROM contact WHERE id = $1;

-- name: known_tags(asked, count)
-- Tags with these words in them, those that begin so first.
SELECT tag FROM customer_tag WHERE strpos(lower(tag), lower($1)) > 0
ORDER BY strpos(lower(tag), lower($1)), tag LIMIT $2;

-- name: spelled(lowered)
-- Tags as the house writes them.
SELECT tag FROM customer_tag WHERE lower(tag) = ANY ($1);

-- name: add_known(tags, at, by)
-- Tags that are used for the first time.
INSERT INTO customer_tag (tag, at, by) SELECT t, $2, $3 FROM unnest($1::text[]) t ON CONFLICT DO NOTHING;

-- name: tags_of(contact_id)
-- The tags of a contact's person.
SELECT DISTINCT g.tag FROM contact c JOIN contact p ON p.person_id = c.person_id JOIN contact_tag g ON g.contact_id = p.id
WHERE c.id = $1 ORDER BY g.tag;

-- name: give(contact_id, tags, at, by)
-- Gives tags to a contact.
INSERT INTO contact_tag (contact_id, tag, at, by) SELECT $1, t, $3, $4 FROM unnest($2::text[]) t ON CONFLICT DO NOTHING;

-- name: take(contact_id, tags)
-- Takes tags from a contact's person, whichever of his contacts has them.
DELETE FROM contact_tag g USING contact c, contact p
WHERE c.id = $1 AND p.person_id = c.person_id AND g.contact_id = p.id AND g.tag = ANY ($2);

-- name: add_remark(id, contact_id, text, pinned, by)
-- A remark about a customer.
INSERT INTO customer_remark (id, contact_id, text, pinned, by) VALUES ($1, $2, $3, $4, $5);

-- name: remark(id)
-- One remark that is still shown.
SELECT r.id, r.contact_id, r.text, r.pinned, r.by, a.name
FROM customer_remark r LEFT JOIN agent a ON a.id = CASE WHEN r.by LIKE 'agent:%' THEN substr(r.by, 7)::uuid END
WHERE r.id = $1 AND r.removed_at IS NULL;

-- name: pin(id, pinned)
-- Whether it is read before the first word.
UPDATE customer_remark SET pinned = $2 WHERE id = $1 AND removed_at IS NULL AND pinned <> $2 RETURNING contact_id;

-- name: remove(id, at, by)
-- It is shown no more.
UPDATE customer_remark SET removed_at = $2, removed_by = $3 WHERE id = $1 AND removed_at IS NULL RETURNING contact_id;

-- name: pinned_of(person_id, count)
-- Pinned remarks about a person, the newest first.
SELECT r.id, r.contact_id, r.text, r.pinned, r.by, a.name
FROM contact c JOIN customer_remark r ON r.contact_id = c.id AND r.removed_at IS NULL
LEFT JOIN agent a ON a.id = CASE WHEN r.by LIKE 'agent:%' THEN substr(r.by, 7)::uuid END
WHERE c.person_id = $1 AND r.pinned ORDER BY r.id DESC LIMIT $2;
