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

-- name: index(ids, kinds, tickets, contacts, ats, words)
-- Writes rows of the index; the same row again is replaced.
INSERT INTO search_row (id, kind, ticket_id, contact_id, at, words)
SELECT x.id, x.kind, x.ticket_id, x.contact_id, x.at, x.words::tsvector
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[]) x(id, kind, ticket_id, contact_id, at, words)
ON CONFLICT (id, kind) DO UPDATE SET words = excluded.words, ticket_id = excluded.ticket_id, contact_id = excluded.contact_id
WHERE search_row.words <> excluded.words OR search_row.ticket_id IS DISTINCT FROM excluded.ticket_id;

-- name: by_index(query, kind, count, skip)
-- Hits by the inverted index, newest first. `at + '0'` keeps the planner from walking the whole time index instead.
SELECT id, kind, ticket_id, contact_id, at FROM search_row
WHERE words @@ $1::text::tsquery AND ($2::text IS NULL OR kind = $2)
ORDER BY at + interval '0' DESC LIMIT $3 OFFSET $4;

-- name: by_recency(query, kind, window_rows, count, skip)
-- Hits among the newest rows only: cheap for words that are in every fiftieth row.
SELECT id, kind, ticket_id, contact_id, at FROM (
  SELECT id, kind, ticket_id, contact_id, at, words FROM search_row ORDER BY at DESC LIMIT $3) newest
WHERE words @@ $1::text::tsquery AND ($2::text IS NULL OR kind = $2)
ORDER BY at DESC LIMIT $4 OFFSET $5;

-- name: frequencies()
-- How common words are, from the statistics that ANALYZE keeps.
SELECT unnest(most_common_elems::text::text[]) AS word, unnest(most_common_elem_freqs[1:cardinality(most_common_elems::text::text[])]) AS share
FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'search_row' AND attname = 'words';

-- name: hits(messages, tickets, contacts, scope, agent_id, teams, brands)
-- The rows behind hits, those the viewer may see.
SELECT 'message' AS kind, m.id, m.ticket_id, t.number, m.contact_id, c.name AS title, m.text, m.at, m.conversation_id
FROM message m JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = m.contact_id LEFT JOIN ticket t ON t.id = m.ticket_id
WHERE m.id = ANY ($1) AND m.recalled_at IS NULL
  AND ($4 = 'all' OR ($4 = 'brand' AND v.brand_id = ANY ($7)) OR v.agent_id = $5 OR t.agent_id = $5
       OR ($4 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($6))))
UNION ALL
SELECT 'ticket', t.id, t.id, t.number, t.contact_id, t.subject, t.preview, t.last_message_at, NULL
FROM ticket t WHERE t.id = ANY ($2)
  AND ($4 = 'all' OR ($4 = 'brand' AND t.brand_id = ANY ($7)) OR t.agent_id = $5
       OR ($4 <> 'own' AND (t.team_id IS NULL OR t.team_id = ANY ($6))))
UNION ALL
SELECT 'contact', c.id, NULL, NULL, c.id, c.name, '', c.created_at, NULL
FROM contact c WHERE c.id = ANY ($3) AND ($4 = 'all' OR EXISTS (
  SELECT FROM conversation v WHERE v.contact_id = c.id
    AND (($4 = 'brand' AND v.brand_id = ANY ($7)) OR v.agent_id = $5 OR ($4 <> 'own' AND (v.team_id IS NULL OR v.team_id = ANY ($6))))));

-- name: ticket_by_number(number)
-- A ticket asked for by its number.
SELECT id FROM ticket WHERE number = $1;
