-- name: messages_to_index(ids)
-- What was said, of these messages.
SELECT id, ticket_id, contact_id, at, text FROM message WHERE id = ANY ($1) AND direction <> 'system';

-- name: tickets_to_index(ids)
-- What these tickets are called.
SELECT id, contact_id, created_at AS at, subject || ' ' || number || ' ' || coalesce(order_no, '') || ' ' || array_to_string(tags, ' ') AS text
FROM ticket WHERE id = ANY ($1);

-- name: contacts_to_index(ids)
-- What these customers are called.
SELECT id, created_at AS at, name AS text FROM contact WHERE id = ANY ($1);

-- name: walk(what, count)
-- The next of what is written anew, with its place held.
SELECT c.id FROM (SELECT after, upto FROM search_walk WHERE what = $1 FOR UPDATE) w
CROSS JOIN LATERAL (SELECT x.id FROM contact x WHERE x.id > w.after AND x.id <= w.upto ORDER BY x.id LIMIT $2) c ORDER BY c.id;

-- name: walked(what, after)
-- How far it is.
UPDATE search_walk SET after = $2 WHERE what = $1;

-- name: index(ids, kinds, tickets, contacts, ats, words)
-- Writes rows of the index; the same row again is replaced.
INSERT INTO search_row (id, kind, ticket_id, contact_id, at, words)
SELECT x.id, x.kind, x.ticket_id, x.contact_id, x.at, x.words::tsvector
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[]) x(id, kind, ticket_id, contact_id, at, words)
ON CONFLICT (id, kind) DO UPDATE SET words = excluded.words, ticket_id = excluded.ticket_id, contact_id = excluded.contact_id
WHERE search_row.words <> excluded.words OR search_row.ticket_id IS DISTINCT FROM excluded.ticket_id;

-- name: by_index(query, kind, count)
-- Hits by the inverted index, newest first: an id begins with its time. OFFSET 0 keeps the planner from walking all ids.
SELECT kind, id FROM (
  SELECT kind, id FROM search_row WHERE words @@ $1::text::tsquery AND ($2::text IS NULL OR kind = $2) OFFSET 0) hit
ORDER BY id DESC LIMIT $3;

-- name: by_recency(query, kind, window_rows, count)
-- Hits among the newest rows only: cheap for words that are in every fiftieth row.
SELECT kind, id FROM (SELECT kind, id, words FROM search_row ORDER BY id DESC LIMIT $3) newest
WHERE words @@ $1::text::tsquery AND ($2::text IS NULL OR kind = $2)
ORDER BY id DESC LIMIT $4;

-- name: size()
-- About how many rows the index has; its partitions are counted each for itself.
SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 FROM pg_class c
WHERE c.relkind = 'r'
  AND (c.oid = 'search_row'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'search_row'::regclass));

-- name: common_words(least)
-- The share of rows that words are in, from the statistics that ANALYZE keeps of each partition.
WITH part AS (
  SELECT c.oid, c.relname, c.relnamespace::regnamespace::text AS space, greatest(c.reltuples, 0)::float8 AS size
  FROM pg_class c WHERE c.relkind = 'r'
  AND (c.oid = 'search_row'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'search_row'::regclass))
), listed AS (
  SELECT p.size, s.most_common_elems::text::text[] AS words, s.most_common_elem_freqs AS shares
  FROM part p JOIN pg_stats s ON s.schemaname = p.space AND s.tablename = p.relname AND s.attname = 'words'
)
SELECT w.word, sum(w.share * l.size) / (SELECT sum(size) FROM part) AS share
FROM listed l CROSS JOIN LATERAL unnest(l.words, l.shares[1:cardinality(l.words)]) w(word, share)
GROUP BY w.word HAVING sum(w.share * l.size) >= $1 * (SELECT sum(size) FROM part) AND sum(l.size) > 0;

-- name: seen(kinds, ids, scope, agent_id, teams, brands, count)
-- The rows behind hits, in their order, those the viewer may see; no more are looked at than are asked for.
SELECT s.kind, s.id, s.ticket_id, s.number, s.contact_id, coalesce(s.title, c.name) AS title, s.text, s.at,
       s.conversation_id
FROM (
  SELECT a.kind, a.id, a.n, h.*
  FROM (SELECT kind, id, n FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY u(kind, id, n) ORDER BY n OFFSET 0) a
  CROSS JOIN LATERAL (
    SELECT m.ticket_id, t.number, m.contact_id, NULL::text AS title, m.text, m.at, m.conversation_id
    FROM message m JOIN conversation v ON v.id = m.conversation_id LEFT JOIN ticket t ON t.id = m.ticket_id
    WHERE a.kind = 'message' AND m.id = a.id AND m.recalled_at IS NULL
      AND ($3 = 'all' OR ($3 = 'brand' AND v.brand_id = ANY ($6)) OR v.agent_id = $4 OR t.agent_id = $4
           OR ($3 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($5))))
    UNION ALL
    SELECT t.id, t.number, t.contact_id, t.subject, t.preview, t.last_message_at, NULL
    FROM ticket t WHERE a.kind = 'ticket' AND t.id = a.id
      AND ($3 = 'all' OR ($3 = 'brand' AND t.brand_id = ANY ($6)) OR t.agent_id = $4
           OR ($3 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($5))))
    UNION ALL
    SELECT NULL, NULL, c.id, c.name, '', c.created_at, NULL
    FROM contact c WHERE a.kind = 'contact' AND c.id = a.id AND ($3 = 'all' OR EXISTS (
      SELECT FROM conversation v WHERE v.contact_id = c.id
        AND (($3 = 'brand' AND v.brand_id = ANY ($6)) OR v.agent_id = $4
             OR ($3 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($5))))))) h
  ORDER BY a.n LIMIT $7) s
JOIN contact c ON c.id = s.contact_id ORDER BY s.n;

-- name: ticket_by_number(number)
-- A ticket asked for by its number.
SELECT id FROM ticket WHERE number = $1;

-- name: said_in_tickets(tickets, words, looked, count)
-- Which of the newest messages of these tickets say it, as it is written.
SELECT m.id FROM each_of($1) t(id) CROSS JOIN LATERAL (
  SELECT id, direction, text, recalled_at FROM message WHERE ticket_id = t.id ORDER BY id DESC LIMIT $3) m
WHERE m.direction <> 'system' AND m.recalled_at IS NULL AND position(lower($2) IN lower(m.text)) > 0
ORDER BY m.id DESC LIMIT $4;

-- name: said_in_conversation(conversation_id, words, looked, count)
-- Which of the newest messages of a conversation say it.
SELECT m.id FROM (
  SELECT id, direction, text, recalled_at FROM message WHERE conversation_id = $1 ORDER BY id DESC LIMIT $3) m
WHERE m.direction <> 'system' AND m.recalled_at IS NULL AND position(lower($2) IN lower(m.text)) > 0
ORDER BY m.id DESC LIMIT $4;
