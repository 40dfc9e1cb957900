-- name: lock_clock()
-- How far the counting is; who holds it counts alone.
SELECT release, digest, walked, recounting, recounted_at, conversation, visit FROM segment_clock FOR UPDATE;

-- name: begin_walk(release, digest, recounting)
-- Everybody is to be looked at, by the rules of this release.
UPDATE segment_clock SET release = $1, digest = $2, recounting = recounting AND walked IS NOT NULL OR $3,
  walked = '00000000-0000-0000-0000-000000000000';

-- name: note_release(release)
-- A release with the same segments.
UPDATE segment_clock SET release = $1;

-- name: note_walk(walked, now)
-- Up to whom everybody was looked at; null when that is all.
UPDATE segment_clock SET walked = $1, recounted_at = CASE WHEN $1::uuid IS NULL AND recounting THEN $2 ELSE recounted_at END,
  recounting = recounting AND $1::uuid IS NOT NULL;

-- name: note_places(conversation, visit)
-- Up to which conversation and visit everything is counted.
UPDATE segment_clock SET conversation = $1, visit = $2;

-- name: standing(digest)
-- Whether everybody was looked at by these rules.
SELECT walked IS NULL AND digest = $1 AS settled FROM segment_clock;

-- name: persons_after(person, count)
-- The next heads in the order of their ids.
SELECT id FROM contact WHERE id > $1 AND person_id = id ORDER BY id LIMIT $2;

-- name: conversations_after(conversation, count)
-- The next conversations, and whose they are.
SELECT id, contact_id FROM conversation WHERE id > $1 ORDER BY id LIMIT $2;

-- name: visits_after(visit, count)
-- The next visits to the site, and whose they are where that is known.
SELECT v.id, i.contact_id FROM (SELECT id, visitor FROM visit WHERE id > $1 ORDER BY id LIMIT $2) v
LEFT JOIN identity i ON i.blind = v.visitor AND i.valid_to IS NULL ORDER BY v.id;

-- name: due(now, count)
-- Whose counts or segments change by time alone.
SELECT person_id AS id FROM person_fact WHERE changes_at <= $1 ORDER BY changes_at LIMIT $2;

-- name: persons_of(contacts)
-- Whose contacts these are.
SELECT DISTINCT person_id AS id FROM contact WHERE id = ANY ($1) ORDER BY 1;

-- name: forget_members(persons)
-- Contacts that belong to somebody else now have no facts of their own.
DELETE FROM person_fact WHERE person_id IN (SELECT id FROM contact WHERE person_id = ANY ($1) AND id <> person_id);

-- name: forget_memberships(persons)
-- Nor are they in any segment.
DELETE FROM segment_member WHERE person_id IN (SELECT id FROM contact WHERE person_id = ANY ($1) AND id <> person_id);

-- name: recount(persons, now, month, year)
-- All that is known of these people, counted from the sources; `month` and `year` are when those began.
WITH fresh AS (
  SELECT h.id AS person_id, p.known_since, p.level, p.language, coalesce(i.kinds, '{}') AS identifiers,
         coalesce(b.keys, '{}') AS brands, coalesce(a.tags, '{}') AS tags, v.channel, v.contacted_at, v.conversations, t.tickets, t.tickets_30d, t.open_tickets,
         coalesce(g.tags, '{}') AS ticket_tags, k.complaints, k.complaints_30d, k.complained_at, r.ratings, r.csat, r.last_stars,
         r.rated_at, s.replies_30d, s.reply_s_30d, o.orders, o.orders_30d, o.open_orders, o.refunds, o.spent, o.spent_365d, o.first_order_at, o.last_order_at,
         w.visits, w.pages, w.visited_at, w.cart, coalesce(f.fields, '{}') AS fields,
         least(t.oldest + interval '30 days', s.oldest + interval '30 days', k.oldest + interval '30 days', o.oldest + interval '30 days',
               o.oldest_paid + interval '365 days') AS fades_at
  FROM contact h
  CROSS JOIN LATERAL (
    SELECT min(c.created_at) AS known_since, max(c.level) AS level,
           (array_agg(split_part(replace(c.locale, '_', '-'), '-', 1) ORDER BY c.id DESC) FILTER (WHERE c.locale <> ''))[1] AS language
    FROM contact c WHERE c.person_id = h.id) p
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT x.kind) AS kinds FROM contact c JOIN identity x ON x.contact_id = c.id
    WHERE c.person_id = h.id AND x.valid_to IS NULL) i
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT x.tag) AS tags FROM contact c JOIN contact_tag x ON x.contact_id = c.id WHERE c.person_id = h.id) a
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS conversations, max(x.last_inbound_at) AS contacted_at,
           (array_agg(x.channel ORDER BY x.id DESC))[1] AS channel
    FROM contact c JOIN conversation x ON x.contact_id = c.id WHERE c.person_id = h.id) v
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS tickets, count(*) FILTER (WHERE x.created_at > $3)::int AS tickets_30d,
           count(*) FILTER (WHERE x.status IN ('new', 'open', 'pending'))::int AS open_tickets,
           min(x.created_at) FILTER (WHERE x.created_at > $3) AS oldest
    FROM contact c JOIN ticket x ON x.contact_id = c.id WHERE c.person_id = h.id AND x.merged_into IS NULL) t
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT tag) AS tags FROM contact c JOIN ticket x ON x.contact_id = c.id CROSS JOIN LATERAL unnest(x.tags) tag
    WHERE c.person_id = h.id) g
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS complaints, count(*) FILTER (WHERE x.at > $3)::int AS complaints_30d,
           max(x.at) AS complained_at, min(x.at) FILTER (WHERE x.at > $3) AS oldest
    FROM (SELECT coalesce(z.opened_at, y.created_at) AS at
          FROM contact c JOIN ticket y ON y.contact_id = c.id LEFT JOIN complaint z ON z.ticket_id = y.id
          WHERE c.person_id = h.id AND y.merged_into IS NULL AND y.status <> 'cancelled'
            AND (split_part(y.type, '.', 1) = 'complaint' OR z.id IS NOT NULL)) x) k
  CROSS JOIN LATERAL (
    SELECT count(x.stars)::int AS ratings, avg(x.stars)::real AS csat, max(x.given_at) FILTER (WHERE x.stars IS NOT NULL) AS rated_at,
           (array_agg(x.stars ORDER BY x.given_at DESC) FILTER (WHERE x.stars IS NOT NULL))[1] AS last_stars
    FROM contact c JOIN rating x ON x.contact_id = c.id WHERE c.person_id = h.id) r
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS replies_30d, coalesce(sum(y.first_reply_s), 0)::bigint AS reply_s_30d, min(y.given_at) AS oldest
    FROM contact c JOIN conversation x ON x.contact_id = c.id JOIN agent_spell y ON y.conversation_id = x.id
    WHERE c.person_id = h.id AND y.given_at > $3 AND y.first_reply_s IS NOT NULL) s
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS orders, count(*) FILTER (WHERE x.placed_at > $3)::int AS orders_30d,
           count(*) FILTER (WHERE x.status IN ('placed', 'paid', 'shipped', 'refunding'))::int AS open_orders,
           count(*) FILTER (WHERE x.status IN ('refunding', 'refunded'))::int AS refunds,
           coalesce(sum(x.total_fen) FILTER (WHERE x.paid), 0) / 100.0 AS spent,
           coalesce(sum(x.total_fen) FILTER (WHERE x.paid AND x.placed_at > $4), 0) / 100.0 AS spent_365d,
           min(x.placed_at) AS first_order_at, max(x.placed_at) AS last_order_at,
           min(x.placed_at) FILTER (WHERE x.placed_at > $3) AS oldest,
           min(x.placed_at) FILTER (WHERE x.paid AND x.placed_at > $4) AS oldest_paid
    FROM (SELECT y.*, y.currency = 'CNY' AND y.status NOT IN ('placed', 'refunded') AS paid
          FROM contact c JOIN customer_order y ON y.contact_id = c.id
          WHERE c.person_id = h.id AND y.status <> 'cancelled') x) o
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS visits, coalesce(sum(x.pages), 0)::int AS pages, max(x.seen_at) AS visited_at,
           coalesce((array_agg(jsonb_typeof(x.cart) = 'array' AND x.cart <> '[]' ORDER BY x.id DESC))[1], false) AS cart
    FROM contact c JOIN identity y ON y.contact_id = c.id AND y.kind = 'visitor' JOIN visit x ON x.visitor = y.blind
    WHERE c.person_id = h.id) w
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT y.key) AS keys FROM brand y WHERE
      EXISTS (SELECT FROM contact c JOIN conversation x ON x.contact_id = c.id WHERE c.person_id = h.id AND x.brand_id = y.id)
      OR EXISTS (SELECT FROM contact c JOIN customer_order x ON x.contact_id = c.id WHERE c.person_id = h.id AND x.brand_id = y.id)) b
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(e.key, e.value ORDER BY c.id) AS fields FROM contact c CROSS JOIN LATERAL jsonb_each(c.fields) e
    WHERE c.person_id = h.id AND jsonb_typeof(e.value) IN ('string', 'number', 'boolean')) f
  WHERE h.id = ANY ($1) AND h.person_id = h.id
)
INSERT INTO person_fact AS f (person_id, known_since, level, language, identifiers, brands, tags, channel, contacted_at, conversations,
  tickets, tickets_30d, open_tickets, ticket_tags, complaints, complaints_30d, complained_at, ratings, csat, last_stars, rated_at,
  replies_30d, reply_s_30d, orders, orders_30d, open_orders, refunds, spent, spent_365d, first_order_at, last_order_at, visits, pages,
  visited_at, cart, fields, fades_at, changes_at)
SELECT person_id, known_since, level, language, identifiers, brands, tags, channel, contacted_at, conversations, tickets, tickets_30d,
  open_tickets, ticket_tags, complaints, complaints_30d, complained_at, ratings, csat, last_stars, rated_at, replies_30d, reply_s_30d,
  orders, orders_30d, open_orders, refunds, spent, spent_365d, first_order_at, last_order_at, visits, pages, visited_at, cart, fields, fades_at, $2
FROM fresh ORDER BY person_id
ON CONFLICT (person_id) DO UPDATE SET known_since = excluded.known_since, level = excluded.level, language = excluded.language,
  identifiers = excluded.identifiers, brands = excluded.brands, tags = excluded.tags, channel = excluded.channel, contacted_at = excluded.contacted_at,
  conversations = excluded.conversations, tickets = excluded.tickets, tickets_30d = excluded.tickets_30d,
  open_tickets = excluded.open_tickets, ticket_tags = excluded.ticket_tags, complaints = excluded.complaints,
  complaints_30d = excluded.complaints_30d, complained_at = excluded.complained_at, ratings = excluded.ratings,
  csat = excluded.csat, last_stars = excluded.last_stars, rated_at = excluded.rated_at,
  replies_30d = excluded.replies_30d, reply_s_30d = excluded.reply_s_30d, orders = excluded.orders,
  orders_30d = excluded.orders_30d, open_orders = excluded.open_orders, refunds = excluded.refunds, spent = excluded.spent,
  spent_365d = excluded.spent_365d, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
  visits = excluded.visits, pages = excluded.pages, visited_at = excluded.visited_at, cart = excluded.cart,
  fields = excluded.fields, fades_at = excluded.fades_at
WHERE (f.known_since, f.level, f.language, f.identifiers, f.brands, f.tags, f.channel, f.contacted_at, f.conversations, f.tickets,
       f.tickets_30d, f.open_tickets, f.ticket_tags, f.complaints, f.complaints_30d, f.complained_at, f.ratings, f.csat,
       f.last_stars, f.rated_at, f.replies_30d, f.reply_s_30d, f.orders, f.orders_30d, f.open_orders, f.refunds, f.spent, f.spent_365d, f.first_order_at,
       f.last_order_at, f.visits, f.pages, f.visited_at, f.cart, f.fields, f.fades_at)
  IS DISTINCT FROM
      (excluded.known_since, excluded.level, excluded.language, excluded.identifiers, excluded.brands, excluded.tags, excluded.channel,
       excluded.contacted_at, excluded.conversations, excluded.tickets, excluded.tickets_30d, excluded.open_tickets,
       excluded.ticket_tags, excluded.complaints, excluded.complaints_30d, excluded.complained_at, excluded.ratings,
       excluded.csat, excluded.last_stars, excluded.rated_at, excluded.replies_30d, excluded.reply_s_30d, excluded.orders, excluded.orders_30d, excluded.open_orders,
       excluded.refunds, excluded.spent, excluded.spent_365d, excluded.first_order_at, excluded.last_order_at, excluded.visits,
       excluded.pages, excluded.visited_at, excluded.cart, excluded.fields, excluded.fades_at);

-- name: judge(persons, now)
-- Who of these is in which segment now, and when time alone changes that next; what changed comes back. The empty list
-- stands for the segments of the rules, the empty time for their turns.
WITH judged AS MATERIALIZED (
  SELECT person_id, '{}'::text[] AS keys, least(fades_at, NULL::timestamptz) AS turn FROM person_fact WHERE person_id = ANY ($1)
), turned AS (
  UPDATE person_fact f SET changes_at = j.turn FROM judged j WHERE f.person_id = j.person_id AND f.changes_at IS DISTINCT FROM j.turn
), gone AS (
  DELETE FROM segment_member m WHERE m.person_id = ANY ($1)
    AND NOT EXISTS (SELECT FROM judged j WHERE j.person_id = m.person_id AND m.segment = ANY (j.keys))
  RETURNING m.person_id, m.segment
), come AS (
  INSERT INTO segment_member (segment, person_id, since)
  SELECT k, j.person_id, $2 FROM judged j CROSS JOIN LATERAL unnest(j.keys) k ORDER BY k, j.person_id
  ON CONFLICT DO NOTHING RETURNING person_id, segment
)
SELECT person_id, segment, true AS came FROM come UNION ALL SELECT person_id, segment, false FROM gone ORDER BY 1, 2;

-- name: fit()
-- How many people a condition fits, of how many.
SELECT count(*) FILTER (WHERE true IS NOT FALSE)::int AS fit, count(*)::int AS known FROM person_fact;

-- name: some(count)
-- Some of those whom a condition fits.
SELECT person_id AS id FROM person_fact WHERE true IS NOT FALSE LIMIT $1;

-- name: patience(milliseconds)
-- How long a statement of this transaction may take; a second core helps, for as long as somebody waits for a number.
SELECT set_config('statement_timeout', $1, true), set_config('max_parallel_workers_per_gather', '2', true);

-- name: sizes()
-- How many are in each segment.
SELECT segment, count(*)::int AS members FROM segment_member GROUP BY segment;

-- name: known()
-- How many people are counted at all.
SELECT count(*)::int AS known FROM person_fact;

-- name: members(segment, after, count)
-- Who is in a segment, in the order of their ids, the newest customer first.
SELECT person_id AS id FROM segment_member WHERE segment = $1 AND ($2::uuid IS NULL OR person_id < $2) ORDER BY person_id DESC LIMIT $3;

-- name: of_person(person)
-- In which segments somebody is, since when.
SELECT segment, since FROM segment_member WHERE person_id = $1 ORDER BY segment;

-- name: exported(persons)
-- Rows of a file of members.
SELECT f.*, h.name, coalesce(x.masked, '{}') AS masked FROM each_of($1) wanted
JOIN person_fact f ON f.person_id = wanted JOIN contact h ON h.id = wanted
LEFT JOIN LATERAL (
  SELECT array_agg(y.masked) AS masked FROM (
    SELECT i.masked FROM contact c JOIN identity i ON i.contact_id = c.id
    WHERE c.person_id = h.id AND i.valid_to IS NULL AND i.kind NOT IN ('visitor', 'device', 'nickname')
    ORDER BY i.rank DESC, i.verified_at IS NULL, i.id LIMIT 2) y) x ON true
ORDER BY wanted DESC;

-- name: report(segment)
-- What the people of a segment come to, beside all.
SELECT count(*)::int AS people, coalesce(sum(tickets_30d), 0)::int AS tickets_30d, coalesce(sum(complaints_30d), 0)::int AS complaints_30d,
       coalesce(sum(open_tickets), 0)::int AS open_tickets, (sum(csat * ratings) / nullif(sum(ratings), 0))::float8 AS csat,
       coalesce(sum(ratings), 0)::int AS ratings, (sum(reply_s_30d) / nullif(sum(replies_30d), 0))::float8 AS first_reply_s,
       coalesce(sum(replies_30d), 0)::int AS replies_30d, coalesce(sum(spent_365d), 0)::float8 AS spent_365d,
       count(*) FILTER (WHERE orders_30d > 0)::int AS buyers_30d
FROM person_fact f
WHERE $1::text IS NULL OR EXISTS (SELECT FROM segment_member m WHERE m.segment = $1 AND m.person_id = f.person_id);
