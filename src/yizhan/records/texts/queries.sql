-- name: begin(id, inbox_id, purpose, subject, masked, now)
-- It is on its way; null where it went before, or perhaps did. What certainly never left may be begun again.
INSERT INTO text_message AS t (id, inbox_id, purpose, subject, masked, state, at, changed_at)
VALUES ($1, $2, $3, $4, $5, 'sending', $6, $6)
ON CONFLICT (id) DO UPDATE SET state = 'sending', again = false, error = NULL, changed_at = excluded.changed_at
WHERE t.state = 'failed' AND t.again RETURNING t.id;

-- name: settle(id, state, vendor_id, error, again, now)
-- What the vendor answered. A report that came first knows better what became of it.
UPDATE text_message SET vendor_id = CASE WHEN $3 = '' THEN vendor_id ELSE $3 END, changed_at = $6,
    state = CASE WHEN state = 'sending' THEN $2 ELSE state END, error = CASE WHEN state = 'sending' THEN $4 ELSE error END,
    again = $5 AND state = 'sending'
WHERE id = $1;

-- name: report(inbox_id, vendor_id, ours, state, error, now)
-- What the vendor reports of it, under its own id or ours; null where it is none of these or says nothing new.
UPDATE text_message SET state = $4, error = $5, vendor_id = $2, changed_at = $6
WHERE (id = $3 OR (vendor_id = $2 AND $2 <> '')) AND inbox_id = $1 AND state <> $4 AND state <> 'delivered'
RETURNING id, purpose, subject;

-- name: knows(inbox_id, vendor_id, ours)
-- Whether a report is about one of these.
SELECT true FROM text_message WHERE (id = $3 OR (vendor_id = $2 AND $2 <> '')) AND inbox_id = $1 LIMIT 1;

-- name: of(subjects)
-- What went for each of these, the oldest first.
SELECT id, inbox_id, purpose, subject, masked, state, error, at, changed_at FROM text_message
WHERE subject = ANY ($1) ORDER BY at, id;

-- name: forget(before, most)
-- What went so long ago that nobody asks any more.
DELETE FROM text_message WHERE id IN (SELECT id FROM text_message WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1;
