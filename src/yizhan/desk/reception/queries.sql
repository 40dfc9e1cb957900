-- name: openings(ids)
-- Conversations that begin, with what decides whether the assistant receives them.
SELECT v.id, v.inbox_id, v.team_id, v.ticket_id, v.phase, c.locale,
       coalesce(t.status IN ('new', 'open') AND NOT t.ready AND t.agent_id IS NULL AND t.owner_id IS NULL, false) AS fresh,
       EXISTS (SELECT FROM contact o JOIN complaint p ON p.contact_id = o.id AND (p.state = 'open' OR p.frozen)
               WHERE o.person_id = c.person_id) AS complaint,
       c.fields,
       coalesce(m.words, '') AS text, coalesce(m.plain, false) AS plain, coalesce(m.left, false) AS left, coalesce(m.ids, '{}') AS messages
FROM conversation v JOIN contact c ON c.id = v.contact_id LEFT JOIN ticket t ON t.id = v.ticket_id
LEFT JOIN LATERAL (
  SELECT string_agg(left(x.text, 2000), E'\n' ORDER BY x.id) AS words, array_agg(x.id ORDER BY x.id) AS ids,
         bool_and(x.kind IN ('text', 'card') AND x.attachments IS NULL) AS plain,
         bool_or(coalesce((x.payload->>'leave')::bool, false)) AS left
  FROM (SELECT id, text, kind, attachments, payload FROM message WHERE conversation_id = v.id AND direction = 'in'
        ORDER BY id LIMIT 20) x) m ON true
WHERE v.id = ANY ($1::uuid[]) AND v.live AND v.phase = 'queued' AND NOT v.ready
ORDER BY v.id;

-- name: with_assistant(ids)
-- Which of these conversations the assistant has.
SELECT id FROM conversation WHERE id = ANY ($1::uuid[]) AND phase = 'bot' ORDER BY id;

-- name: any_with_assistant()
-- Whether the assistant has anybody at all.
SELECT EXISTS (SELECT FROM conversation WHERE phase = 'bot');

-- name: received()
-- Everybody the assistant has.
SELECT id FROM conversation WHERE phase = 'bot' ORDER BY id;

-- name: heard(ids)
-- What customers said in these messages, and to whom.
SELECT m.id, m.conversation_id, m.text, m.kind IN ('text', 'card') AND m.attachments IS NULL AS plain, c.locale,
       coalesce(v.origin->'page'->>'title', '') AS page,
       EXISTS (SELECT FROM contact o JOIN complaint p ON p.contact_id = o.id AND p.frozen
               WHERE o.person_id = c.person_id) AS frozen
FROM message m JOIN conversation v ON v.id = m.conversation_id JOIN contact c ON c.id = v.contact_id
WHERE m.id = ANY ($1::uuid[]) ORDER BY m.id;

-- name: said_by_customer(conversation_id)
-- The newest words of the customer in a conversation.
SELECT id FROM message WHERE conversation_id = $1 AND direction = 'in' ORDER BY id DESC LIMIT 20;

-- name: turns(conversations)
-- What was done in these conversations, oldest first.
SELECT message_id, conversation_id, at, outcome, why, entry, sure, offered, rules FROM reception_turn
WHERE conversation_id = ANY ($1::uuid[]) ORDER BY at, message_id;

-- name: keep(message_id, conversation_id, inbox_id, brand_id, team_id, at, outcome, why, entry, sure, offered, rules)
-- One turn, once.
INSERT INTO reception_turn (message_id, conversation_id, inbox_id, brand_id, team_id, at, outcome, why, entry, sure,
    offered, rules)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (message_id) DO UPDATE SET outcome = $7, why = $8, entry = $9, sure = $10, offered = $11, rules = $12;

-- name: locale(conversation_id)
-- The language of its customer.
SELECT c.locale FROM conversation v JOIN contact c ON c.id = v.contact_id WHERE v.id = $1;

-- name: unanswered(everything, brands, teams, since, count)
-- What the assistant had no answer to, the newest first, in what somebody may see; recalled words are not told.
SELECT r.message_id, r.conversation_id, v.ticket_id, r.at, r.outcome, r.entry, r.sure, m.text
FROM reception_turn r JOIN message m ON m.id = r.message_id JOIN conversation v ON v.id = r.conversation_id
WHERE r.at > $4 AND (r.outcome IN ('suggested', 'missed') OR r.outcome IN ('handed', 'left') AND r.why IN ('failed', 'unsolved'))
  AND m.recalled_at IS NULL AND m.text <> ''
  AND ($1 OR r.brand_id = ANY ($2::uuid[]) OR r.team_id = ANY ($3::uuid[]))
ORDER BY r.at DESC, r.message_id LIMIT $5;

-- name: tally(everything, brands, teams, since)
-- How often each entry was given, and what customers said to it; the outcomes of all turns without an entry's name.
SELECT coalesce(CASE WHEN r.outcome = 'answered' THEN r.entry END, '') AS entry, r.outcome, coalesce(r.why, '') AS why,
       count(*)::int AS turns,
       count(*) FILTER (WHERE r.outcome = 'answered' AND EXISTS (
         SELECT FROM reception_turn s WHERE s.conversation_id = r.conversation_id AND s.outcome = 'solved'
           AND s.entry = r.entry))::int AS solved,
       count(*) FILTER (WHERE r.outcome = 'answered' AND EXISTS (
         SELECT FROM reception_turn s WHERE s.conversation_id = r.conversation_id AND s.outcome IN ('handed', 'left')
           AND s.at > r.at))::int AS handed
FROM reception_turn r
WHERE r.at > $4 AND ($1 OR r.brand_id = ANY ($2::uuid[]) OR r.team_id = ANY ($3::uuid[]))
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
