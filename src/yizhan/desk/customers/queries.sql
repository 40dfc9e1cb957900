-- name: recent_floor(before, walked)
-- The oldest of so many conversations: how far one page looks.
SELECT id FROM conversation WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC OFFSET $2 - 1 LIMIT 1;

-- name: recent(scope, agent_id, teams, brands, before, floor, count, tag, level, open)
-- Who spoke with us last, each where his latest conversation that the viewer may see stands.
SELECT v.id, c.person_id FROM conversation v JOIN contact c ON c.id = v.contact_id
WHERE ($5::uuid IS NULL OR v.id < $5) AND ($6::uuid IS NULL OR v.id >= $6)
  AND ($1 = 'all' OR ($1 = 'brand' AND v.brand_id = ANY ($4)) OR v.agent_id = $2
       OR ($1 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($3))))
  AND NOT EXISTS (
    SELECT FROM contact p JOIN conversation n ON n.contact_id = p.id AND n.id > v.id
    WHERE p.person_id = c.person_id
      AND ($1 = 'all' OR ($1 = 'brand' AND n.brand_id = ANY ($4)) OR n.agent_id = $2
           OR ($1 <> 'own' AND (n.team_id IS NULL OR n.team_id = ANY ($3)))))
  AND (($8::text IS NULL AND $9::int IS NULL AND NOT $10::bool) OR person_matches(c.person_id, $8, $9, $10))
ORDER BY v.id DESC LIMIT $7;

-- name: new_floor(before, walked)
-- The oldest of so many contacts: how far one page looks.
SELECT id FROM contact WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC OFFSET $2 - 1 LIMIT 1;

-- name: new(scope, agent_id, teams, brands, before, floor, count, tag, level, open)
-- Whom we know for the shortest time.
SELECT h.id, h.id AS person_id FROM contact h
WHERE h.person_id = h.id AND ($5::uuid IS NULL OR h.id < $5) AND ($6::uuid IS NULL OR h.id >= $6)
  AND ($1 = 'all' OR person_is_seen(h.id, $2, $3, $4, $1))
  AND (($8::text IS NULL AND $9::int IS NULL AND NOT $10::bool) OR person_matches(h.id, $8, $9, $10))
ORDER BY h.id DESC LIMIT $7;

-- name: tagged_floor(before, walked, tag)
-- The oldest of so many contacts with a tag.
SELECT contact_id AS id FROM contact_tag WHERE tag = $3 AND ($1::uuid IS NULL OR contact_id < $1)
ORDER BY contact_id DESC OFFSET $2 - 1 LIMIT 1;

-- name: tagged(scope, agent_id, teams, brands, before, floor, count, tag, level, open)
-- Who has a tag, each where the newest of his contacts that have it stands.
SELECT g.contact_id AS id, c.person_id FROM contact_tag g JOIN contact c ON c.id = g.contact_id
WHERE g.tag = $8 AND ($5::uuid IS NULL OR g.contact_id < $5) AND ($6::uuid IS NULL OR g.contact_id >= $6)
  AND NOT EXISTS (
    SELECT FROM contact p JOIN contact_tag o ON o.contact_id = p.id AND o.tag = $8
    WHERE p.person_id = c.person_id AND p.id > c.id)
  AND ($1 = 'all' OR person_is_seen(c.person_id, $2, $3, $4, $1)) AND person_matches(c.person_id, NULL, $9, $10)
ORDER BY g.contact_id DESC LIMIT $7;

-- name: ranked_floor(before, walked, level)
-- The oldest of so many contacts of a level.
SELECT id FROM contact WHERE level > 0 AND level = $3 AND ($1::uuid IS NULL OR id < $1)
ORDER BY id DESC OFFSET $2 - 1 LIMIT 1;

-- name: ranked(scope, agent_id, teams, brands, before, floor, count, tag, level, open)
-- Members of a level, each where the newest of his contacts that have it stands.
SELECT c.id, c.person_id FROM contact c
WHERE c.level > 0 AND c.level = $9 AND ($5::uuid IS NULL OR c.id < $5) AND ($6::uuid IS NULL OR c.id >= $6)
  AND NOT EXISTS (SELECT FROM contact p WHERE p.person_id = c.person_id AND p.level = $9 AND p.id > c.id)
  AND ($1 = 'all' OR person_is_seen(c.person_id, $2, $3, $4, $1)) AND person_matches(c.person_id, $8, $9, $10)
ORDER BY c.id DESC LIMIT $7;

-- name: seen(persons, agent_id, teams, brands, scope, tag, level, open)
-- Those of these people whom the viewer may see and who have what is asked for.
SELECT p AS id FROM each_of($1) p WHERE person_is_seen(p, $2, $3, $4, $5) AND person_matches(p, $6, $7, $8);

-- name: persons_of(contacts)
-- Whose contacts these are.
SELECT id, person_id FROM contact WHERE id = ANY ($1);

-- name: inboxes()
-- Where identifiers may be unique each for itself.
SELECT id FROM inbox;

-- name: identified(blinds)
-- Who holds one of these identifiers now.
SELECT contact_id AS id FROM identity WHERE blind = ANY ($1) AND valid_to IS NULL LIMIT 50;

-- name: claiming(blinds)
-- Who gave one of these as his.
SELECT contact_id AS id FROM claim WHERE blind = ANY ($1) ORDER BY at DESC LIMIT 20;

-- name: buyers(number)
-- Whose order has this number.
SELECT contact_id AS id FROM customer_order WHERE number = $1 ORDER BY placed_at DESC LIMIT 20;

-- name: ticket_holder(number)
-- Whose ticket has this number.
SELECT contact_id AS id FROM ticket WHERE number = $1;

-- name: labelled(tag, count)
-- Who has a tag, whatever the case of its letters.
SELECT g.contact_id AS id FROM customer_tag t JOIN contact_tag g ON g.tag = t.tag
WHERE lower(t.tag) = lower($1) ORDER BY g.contact_id DESC LIMIT $2;

-- name: named(query, before, count)
-- Contacts with these words in their names, written or sounding, the newest first.
SELECT id FROM (
  SELECT id FROM search_row
  WHERE words @@ $1::text::tsquery AND kind = 'contact' AND ($2::uuid IS NULL OR id < $2) OFFSET 0) hit
ORDER BY id DESC LIMIT $3;

-- name: rows(persons, own)
-- Rows of the list; of the work of one agent alone where `own` names him.
SELECT h.id, person_name(h.id) AS name, (SELECT max(c.level) FROM contact c WHERE c.person_id = h.id) AS level, h.created_at,
       coalesce(i.masked, '{}') AS identities, v.last_message_at, v.channel, t.open, o.orders,
       array(SELECT DISTINCT g.tag FROM contact c JOIN contact_tag g ON g.contact_id = c.id
             WHERE c.person_id = h.id ORDER BY g.tag LIMIT 12) AS tags,
       array(SELECT s.masked FROM contact c JOIN claim s ON s.contact_id = c.id
             WHERE c.person_id = h.id AND s.kind IN ('phone', 'email') AND NOT EXISTS (
               SELECT FROM identity x JOIN contact p ON p.id = x.contact_id
               WHERE x.blind = s.blind AND x.valid_to IS NULL AND p.person_id = h.id)
             ORDER BY s.kind DESC, s.at DESC LIMIT 1) AS claimed,
       array(SELECT c.id FROM contact c WHERE c.person_id = h.id ORDER BY c.id DESC LIMIT 12) AS contacts
FROM each_of($1) wanted JOIN contact h ON h.id = wanted
LEFT JOIN LATERAL (
  SELECT array_agg(x.masked) AS masked FROM (
    SELECT i.masked FROM contact c JOIN identity i ON i.contact_id = c.id
    WHERE c.person_id = h.id AND i.valid_to IS NULL AND i.kind NOT IN ('visitor', 'device', 'nickname')
    ORDER BY i.rank DESC, i.verified_at IS NULL, i.id LIMIT 2) x) i ON true
LEFT JOIN LATERAL (
  SELECT w.last_message_at, w.channel FROM contact c CROSS JOIN LATERAL (
    SELECT n.id, n.last_message_at, n.channel FROM conversation n
    WHERE n.contact_id = c.id AND ($2::uuid IS NULL OR n.agent_id = $2) ORDER BY n.id DESC LIMIT 1) w
  WHERE c.person_id = h.id ORDER BY w.id DESC LIMIT 1) v ON true
CROSS JOIN LATERAL (
  SELECT count(*)::int AS open FROM contact c JOIN ticket t ON t.contact_id = c.id
  WHERE c.person_id = h.id AND t.merged_into IS NULL AND t.status IN ('new', 'open', 'pending')
    AND ($2::uuid IS NULL OR t.agent_id = $2)) t
CROSS JOIN LATERAL (
  SELECT count(*)::int AS orders FROM contact c JOIN customer_order o ON o.contact_id = c.id WHERE c.person_id = h.id) o;

-- name: figures(person_id, own, zone, shown)
-- What a person's history comes to; of the work of one agent alone where `own` names him. Money is of the orders of the
-- contacts `shown`.
SELECT t.tickets, t.open, v.conversations, v.last_contact, r.csat, r.ratings, o.orders, o.spent, o.spent_masked, o.last_order, w.channel, w.hour
FROM (
  SELECT count(*)::int AS tickets, count(*) FILTER (WHERE t.status IN ('new', 'open', 'pending'))::int AS open
  FROM contact c JOIN ticket t ON t.contact_id = c.id
  WHERE c.person_id = $1 AND t.merged_into IS NULL AND ($2::uuid IS NULL OR t.agent_id = $2)) t
CROSS JOIN (
  SELECT count(*)::int AS conversations, max(v.last_inbound_at) AS last_contact
  FROM contact c JOIN conversation v ON v.contact_id = c.id
  WHERE c.person_id = $1 AND ($2::uuid IS NULL OR v.agent_id = $2)) v
CROSS JOIN (
  SELECT avg(r.stars)::float8 AS csat, count(r.stars)::int AS ratings
  FROM contact c JOIN rating r ON r.contact_id = c.id
  WHERE c.person_id = $1 AND ($2::uuid IS NULL OR r.agent_id = $2)) r
CROSS JOIN (
  SELECT coalesce(sum(x.orders), 0)::int AS orders, max(x.last_order) AS last_order,
         coalesce(jsonb_agg(jsonb_build_object('currency', x.currency, 'fen', x.fen) ORDER BY x.fen DESC)
                  FILTER (WHERE x.fen > 0), '[]') AS spent,
         coalesce(bool_or(x.masked), false) AS spent_masked
  FROM (SELECT o.currency, count(*) AS orders, max(o.placed_at) AS last_order,
               bool_or(NOT c.id = ANY ($4)) AS masked,
               sum(o.total_fen) FILTER (WHERE o.status NOT IN ('placed', 'cancelled', 'refunded') AND c.id = ANY ($4))::bigint AS fen
        FROM contact c JOIN customer_order o ON o.contact_id = c.id WHERE c.person_id = $1 GROUP BY o.currency) x) o
CROSS JOIN (
  SELECT mode() WITHIN GROUP (ORDER BY l.channel) AS channel,
         mode() WITHIN GROUP (ORDER BY extract(hour FROM l.created_at AT TIME ZONE $3))::int AS hour
  FROM (SELECT v.channel, v.created_at FROM contact c JOIN conversation v ON v.contact_id = c.id
        WHERE c.person_id = $1 AND ($2::uuid IS NULL OR v.agent_id = $2) ORDER BY v.id DESC LIMIT 200) l) w;

-- name: cards(person_id)
-- What is known of each contact of a person.
SELECT id, fields FROM contact WHERE person_id = $1 ORDER BY id LIMIT 100;

-- name: heads_after(scope, agent_id, teams, brands, after, count)
-- The next people, by the first contact of each.
SELECT h.id FROM contact h
WHERE h.person_id = h.id AND h.id > $5 AND ($1 = 'all' OR person_is_seen(h.id, $2, $3, $4, $1))
ORDER BY h.id LIMIT $6;

-- name: cards_of(persons)
-- What is known of each contact of these people, with its key.
SELECT id, person_id, fields, data_key FROM contact WHERE person_id = ANY ($1) ORDER BY id;

-- name: identities_of(contacts)
-- What these contacts are known by now.
SELECT id, contact_id, kind, masked, sealed FROM identity WHERE contact_id = ANY ($1) AND valid_to IS NULL ORDER BY id;

-- name: messages(person_id, eyes, agent_id, teams, brands, bound, count, directions)
-- The newest messages below `bound` of what the viewer may see. Of the conversations that are not among the newest only what is newer than the
-- oldest found in those is looked for: a long past costs a glance at each conversation, not a walk through it.
WITH mine AS MATERIALIZED (
  SELECT v.id FROM contact c JOIN conversation v ON v.contact_id = c.id
  WHERE c.person_id = $1 AND (
    work_is_seen(v.brand_id, v.team_id, v.agent_id, $2, $3, $4, $5)
    OR ($2 <> 'own' AND EXISTS (
      SELECT FROM ticket k WHERE k.id = v.ticket_id AND work_is_seen(k.brand_id, k.team_id, k.agent_id, $2, $3, $4, $5))))
), near AS MATERIALIZED (
  SELECT id FROM mine WHERE $6::uuid IS NULL OR id < $6 ORDER BY id DESC LIMIT $7
), first AS MATERIALIZED (
  SELECT m.id FROM near n CROSS JOIN LATERAL (
    SELECT x.id FROM message x
    WHERE x.conversation_id = n.id AND x.direction = ANY ($8) AND ($6::uuid IS NULL OR x.id < $6) ORDER BY x.id DESC LIMIT $7) m
  ORDER BY m.id DESC LIMIT $7
), edge AS MATERIALIZED (
  SELECT coalesce((SELECT id FROM first ORDER BY id DESC OFFSET $7 - 1 LIMIT 1), '00000000-0000-0000-0000-000000000000') AS id
), rest AS (
  SELECT m.id FROM (SELECT id FROM mine EXCEPT SELECT id FROM near) o CROSS JOIN LATERAL (
    SELECT x.id FROM message x
    WHERE x.conversation_id = o.id AND x.direction = ANY ($8) AND x.id > (SELECT id FROM edge) AND ($6::uuid IS NULL OR x.id < $6)
    ORDER BY x.id DESC LIMIT $7) m
), found AS (
  SELECT id FROM (SELECT id FROM first UNION ALL SELECT id FROM rest) all_of_them ORDER BY id DESC LIMIT $7
)
SELECT m.id, m.direction, m.kind, left(m.text, 400) AS text, m.recalled_at, m.conversation_id, k.id AS ticket_id, v.channel,
       m.author, a.name AS agent_name, coalesce(jsonb_array_length(m.attachments), 0) AS files
FROM found JOIN message m ON m.id = found.id JOIN conversation v ON v.id = m.conversation_id
LEFT JOIN ticket k ON k.id = m.ticket_id AND work_is_seen(k.brand_id, k.team_id, k.agent_id, $2, $3, $4, $5)
LEFT JOIN agent a ON a.id = CASE WHEN m.author LIKE 'agent:%' THEN substr(m.author, 7)::uuid END
ORDER BY m.id DESC;

-- name: conversations(person_id, eyes, agent_id, teams, brands, bound, count, calls, chats)
-- The newest conversations below `bound`: calls, others, or both; beyond the viewer's scope only that there was one.
SELECT v.id, x.name AS title, v.preview, v.channel, v.phase, k.id AS ticket_id, a.name AS agent_name,
       CASE WHEN NOT work_is_seen(v.brand_id, v.team_id, v.agent_id, $2, $3, $4, $5) AND k.id IS NULL THEN o.name END AS elsewhere
FROM contact c JOIN conversation v ON v.contact_id = c.id JOIN inbox x ON x.id = v.inbox_id
LEFT JOIN ticket k ON k.id = v.ticket_id AND work_is_seen(k.brand_id, k.team_id, k.agent_id, $2, $3, $4, $5)
LEFT JOIN agent a ON a.id = v.agent_id LEFT JOIN team o ON o.id = v.team_id
WHERE c.person_id = $1 AND ($2 <> 'own' OR v.agent_id = $3) AND ($6::uuid IS NULL OR v.id < $6)
  AND CASE WHEN v.channel = 'voice' THEN $8::bool ELSE $9::bool END
ORDER BY v.id DESC LIMIT $7;

-- name: tickets(person_id, eyes, agent_id, teams, brands, bound, count)
-- The newest tickets below `bound`; of those beyond the viewer's scope no more than where they are.
SELECT t.id, t.number, t.subject, t.status, t.type, t.channel, a.name AS agent_name,
       CASE WHEN NOT work_is_seen(t.brand_id, t.team_id, t.agent_id, $2, $3, $4, $5) THEN o.name END AS elsewhere
FROM contact c JOIN ticket t ON t.contact_id = c.id
LEFT JOIN agent a ON a.id = t.agent_id LEFT JOIN team o ON o.id = t.team_id
WHERE c.person_id = $1 AND ($2 <> 'own' OR t.agent_id = $3) AND ($6::uuid IS NULL OR t.id < $6)
ORDER BY t.id DESC LIMIT $7;

-- name: notes(person_id, eyes, agent_id, teams, brands, bound, count)
-- The newest processing notes below `bound` that a person wrote or that closed or opened something.
SELECT n.id, n.action, n.text, n.to_status, n.ticket_id, n.conversation_id, n.code, n.parts, t.number, a.name AS agent_name
FROM contact c JOIN ticket t ON t.contact_id = c.id CROSS JOIN LATERAL (
  SELECT x.* FROM note x
  WHERE x.ticket_id = t.id AND ($6::uuid IS NULL OR x.id < $6)
    AND (x.typed OR x.action IN ('solve', 'confirm', 'reopen', 'cancel'))
  ORDER BY x.id DESC LIMIT $7) n
LEFT JOIN agent a ON a.id = CASE WHEN n.actor LIKE 'agent:%' THEN substr(n.actor, 7)::uuid END
WHERE c.person_id = $1 AND work_is_seen(t.brand_id, t.team_id, t.agent_id, $2, $3, $4, $5)
ORDER BY n.id DESC LIMIT $7;

-- name: remarks(person_id, bound, count)
-- The newest remarks of the house about a person below `bound`.
SELECT r.id, r.text, r.pinned, r.by, a.name AS agent_name
FROM contact c JOIN customer_remark r ON r.contact_id = c.id AND r.removed_at IS NULL
LEFT JOIN agent a ON a.id = CASE WHEN r.by LIKE 'agent:%' THEN substr(r.by, 7)::uuid END
WHERE c.person_id = $1 AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3;

-- name: at_shops(person_id, eyes, agent_id, teams, brands, bound, count)
-- The newest visits to shops and appointments for them below `bound`, each with the work it came from where one may see it.
SELECT e.*, k.id AS ticket_id, v.id AS conversation_id FROM (
  SELECT * FROM (
    (SELECT v.id, 'came' AS status, v.shop, v.purpose, v.note, NULL::timestamptz AS starts_at, v.ticket_id AS ticket,
            NULL::uuid AS conversation, a.name AS agent_name
     FROM contact c JOIN shop_visit v ON v.contact_id = c.id JOIN agent a ON a.id = v.agent_id
     WHERE c.person_id = $1 AND ($6::uuid IS NULL OR v.id < $6) ORDER BY v.id DESC LIMIT $7)
    UNION ALL
    (SELECT x.id, x.state, x.shop, x.purpose, x.note, x.starts_at, x.ticket_id, x.conversation_id, a.name
     FROM contact c JOIN appointment x ON x.contact_id = c.id JOIN agent a ON a.id = x.made_by
     WHERE c.person_id = $1 AND ($6::uuid IS NULL OR x.id < $6) ORDER BY x.id DESC LIMIT $7)) both_of_them
  ORDER BY id DESC LIMIT $7) e
LEFT JOIN ticket k ON k.id = e.ticket AND work_is_seen(k.brand_id, k.team_id, k.agent_id, $2, $3, $4, $5)
LEFT JOIN conversation v ON v.id = e.conversation AND work_is_seen(v.brand_id, v.team_id, v.agent_id, $2, $3, $4, $5)
ORDER BY e.id DESC;

-- name: visits(person_id, bound, count)
-- The newest visits to the site below `bound`, of all his browsers, each with the page it began on.
SELECT v.id, v.pages, v.seen_at, v.cart::text AS cart, v.origin::text AS origin, p.title, p.url
FROM (SELECT x.* FROM contact c JOIN identity i ON i.contact_id = c.id AND i.kind IN ('visitor', 'user') CROSS JOIN LATERAL (
        SELECT w.id, w.pages, w.seen_at, w.cart, w.origin FROM visit w
        WHERE w.visitor = i.blind AND ($2::uuid IS NULL OR w.id < $2) ORDER BY w.id DESC LIMIT $3) x
      WHERE c.person_id = $1 ORDER BY x.id DESC LIMIT $3) v
LEFT JOIN LATERAL (SELECT t.title, t.url FROM trail t WHERE t.visit_id = v.id AND t.kind = 'page' ORDER BY t.id LIMIT 1) p ON true
ORDER BY v.id DESC;

-- name: actions(person_id, bound, count)
-- The newest things he did on our channels besides writing, below `bound`.
SELECT e.id, e.kind, e.detail::text AS detail, b.channel
FROM contact c CROSS JOIN LATERAL (
  SELECT x.* FROM channel_event x WHERE x.contact_id = c.id AND ($2::uuid IS NULL OR x.id < $2) ORDER BY x.id DESC LIMIT $3) e
JOIN inbox b ON b.id = e.inbox_id
WHERE c.person_id = $1 ORDER BY e.id DESC LIMIT $3;

-- name: ratings(person_id, eyes, agent_id, teams, brands, before_at, before_id, count)
-- The newest ratings before a place; of those beyond the viewer's scope the stars alone.
SELECT r.conversation_id, r.given_at, r.stars, r.solved, r.comment, r.tags, k.id AS ticket_id, a.name AS agent_name,
       CASE WHEN NOT work_is_seen(v.brand_id, v.team_id, v.agent_id, $2, $3, $4, $5) AND k.id IS NULL THEN o.name END AS elsewhere
FROM contact c JOIN rating r ON r.contact_id = c.id LEFT JOIN agent a ON a.id = r.agent_id
LEFT JOIN conversation v ON v.id = r.conversation_id LEFT JOIN team o ON o.id = v.team_id
LEFT JOIN ticket k ON k.id = r.ticket_id AND work_is_seen(k.brand_id, k.team_id, k.agent_id, $2, $3, $4, $5)
WHERE c.person_id = $1 AND ($2 <> 'own' OR r.agent_id = $3)
  AND ($6::timestamptz IS NULL OR (r.given_at, r.conversation_id) < ($6, $7::uuid))
ORDER BY r.given_at DESC, r.conversation_id DESC LIMIT $8;

-- name: orders(person_id, before_at, before_id, count)
-- The newest orders before a place.
SELECT o.id, o.contact_id, o.number, o.status, o.total_fen, o.currency, o.placed_at, o.document::text AS document, o.source
FROM contact c CROSS JOIN LATERAL (
  SELECT x.* FROM customer_order x
  WHERE x.contact_id = c.id AND ($2::timestamptz IS NULL OR (x.placed_at, x.id) < ($2, $3::uuid))
  ORDER BY x.placed_at DESC, x.id DESC LIMIT $4) o
WHERE c.person_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $4;
