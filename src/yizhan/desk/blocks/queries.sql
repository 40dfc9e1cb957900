-- name: reported(message_id)
-- What a report is about: the message, who wrote it, and where.
SELECT m.id, m.conversation_id, m.identity_id, m.contact_id, m.direction, v.brand_id, v.team_id, v.phase, c.locale
FROM message m JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id WHERE m.id = $1;

-- name: last_visit(identity_id)
-- By which browser and from where an identity came last.
SELECT v.origin->>'ip' AS ip, v.origin->>'user_agent' AS browser FROM identity i JOIN visit v ON v.visitor = i.blind
WHERE i.id = $1 ORDER BY v.id DESC LIMIT 1;

-- name: in_force(identities, at)
-- Which of these are limited just now, by themselves or by the browser or the address of their last visit.
SELECT b.subject::uuid AS identity_id, b.id, b.told_at, b.made_at FROM block b
WHERE b.scope = 'identity' AND b.subject = ANY ($1::text[]) AND b.ended_at IS NULL AND (b.until IS NULL OR b.until > $2)
UNION ALL
SELECT came.id, b.id, b.told_at, b.made_at
FROM block b CROSS JOIN LATERAL (
  SELECT i.id FROM unnest($1::text[]) wanted JOIN identity i ON i.id = wanted::uuid
  CROSS JOIN LATERAL (SELECT v.origin FROM visit v WHERE v.visitor = i.blind ORDER BY v.id DESC LIMIT 1) last
  WHERE b.subject = CASE b.scope WHEN 'ip' THEN last.origin->>'ip'
                                 ELSE concat(last.origin->>'ip', '|', last.origin->>'user_agent') END) came
WHERE b.scope <> 'identity' AND b.ended_at IS NULL AND (b.until IS NULL OR b.until > $2);

-- name: in_other_threads(identities, at)
-- Of these, who is limited by another address of his of the same platform: `weibo` and `weibo_comment` are one.
SELECT i.id AS identity_id, b.id, b.told_at, b.made_at FROM identity i
JOIN identity o ON o.contact_id = i.contact_id AND o.id <> i.id
  AND split_part(o.kind, '_comment', 1) = split_part(i.kind, '_comment', 1)
JOIN block b ON b.identity_id = o.id AND b.scope = 'identity' AND b.ended_at IS NULL AND (b.until IS NULL OR b.until > $2)
WHERE i.id = ANY ($1) ORDER BY b.made_at DESC;

-- name: said(messages)
-- What was said, whether an order of the customer is being looked after, and whether he is in a crisis.
SELECT m.id, m.conversation_id, m.identity_id, m.text, m.ticket_id, c.locale,
       EXISTS (SELECT FROM contact o JOIN ticket t ON t.contact_id = o.id
               WHERE o.person_id = c.person_id AND t.order_no IS NOT NULL AND t.status IN ('new', 'open', 'pending')
      ) AS ordered,
       EXISTS (SELECT FROM contact o JOIN complaint p ON p.contact_id = o.id AND p.frozen
               WHERE o.person_id = c.person_id) AS crisis
FROM message m JOIN contact c ON c.id = m.contact_id WHERE m.id = ANY ($1);

-- name: listed(everything, brands, teams, state, at, review_before, contact_id, after_at, after_id, count)
-- The blacklist, newest first: in force, to be reviewed, or over.
SELECT b.*, c.name AS contact_name, i.masked, i.kind AS identity_kind, v.ticket_id, left(m.text, 200) AS words,
       a.name AS made_by_name
FROM block b JOIN contact c ON c.id = b.contact_id LEFT JOIN identity i ON i.id = b.identity_id
LEFT JOIN conversation v ON v.id = b.conversation_id LEFT JOIN message m ON m.id = b.message_id
LEFT JOIN agent a ON b.made_by = 'agent:' || a.id
WHERE ($1 OR b.brand_id = ANY ($2::uuid[]) OR b.team_id = ANY ($3::uuid[]))
  AND CASE $4::text
        WHEN 'over' THEN b.ended_at IS NOT NULL OR b.until <= $5
        WHEN 'review' THEN b.ended_at IS NULL AND (b.until IS NULL OR b.until > $5)
                           AND coalesce(b.reviewed_at, b.made_at) <= $6
        ELSE b.ended_at IS NULL AND (b.until IS NULL OR b.until > $5) END
  AND ($7::uuid IS NULL OR b.contact_id = $7)
  AND ($8::timestamptz IS NULL OR (b.made_at, b.id) < ($8, $9::uuid))
ORDER BY b.made_at DESC, b.id DESC LIMIT $10;

-- name: due_for_review(before, at)
-- How many nobody looked at for so long.
SELECT count(*) FROM block
WHERE ended_at IS NULL AND (until IS NULL OR until > $2) AND coalesce(reviewed_at, made_at) <= $1;

-- name: born_now(tickets)
-- Tickets that nobody has begun to work on.
SELECT id FROM ticket WHERE id = ANY ($1) AND NOT ready AND status = 'new' AND agent_id IS NULL ORDER BY id;
