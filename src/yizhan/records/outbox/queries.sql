-- name: enqueue(message_id, inbox_id, conversation_id, channel, at, claim)
-- A reply waits to be sent, in the transaction that stored it.
INSERT INTO outbound (message_id, inbox_id, conversation_id, channel, state, next_at, claim)
VALUES ($1, $2, $3, $4, 'queued', $5, $6);

-- name: due(inbox_id, now, most, busy)
-- The first message of each conversation that waits, if its time has come; a later one never overtakes it.
SELECT message_id, inbox_id, conversation_id, channel, state, attempt, next_at, started_at
FROM (SELECT DISTINCT ON (conversation_id) * FROM outbound
      WHERE inbox_id = $1 AND state IN ('queued', 'sending') ORDER BY conversation_id, message_id) head
WHERE state = 'queued' AND next_at <= $2 AND conversation_id <> ALL ($4::uuid[])
ORDER BY next_at, message_id LIMIT $3;

-- name: next_due(inbox_id, after)
-- When the next try of a message that waits for its time is due.
SELECT min(next_at) FROM outbound WHERE inbox_id = $1 AND state = 'queued' AND next_at > $2;

-- name: hasten(inbox_id, now)
-- The inbox was mended: what waited for a later try is tried now.
UPDATE outbound SET next_at = $2 WHERE inbox_id = $1 AND state = 'queued' AND next_at > $2;

-- name: begin(message_id, now)
-- The vendor is about to be called; null when the message no longer waits.
UPDATE outbound SET state = 'sending', attempt = attempt + 1, started_at = $2, finished_at = NULL
WHERE message_id = $1 AND state = 'queued'
RETURNING attempt;

-- name: written(message_id)
-- What a letter is made of.
SELECT m.id AS message_id, m.conversation_id, m.identity_id, m.ticket_id, t.number AS ticket_number,
       t.subject AS ticket_subject, m.author, m.kind, m.text, m.html, m.payload, m.attachments, m.at, m.recalled_at,
       c.name AS contact_name, c.locale AS contact_locale, a.name AS agent_name, m.contact_id, q.claim
FROM message m JOIN contact c ON c.id = m.contact_id LEFT JOIN ticket t ON t.id = m.ticket_id
LEFT JOIN outbound q ON q.message_id = m.id
LEFT JOIN agent a ON m.author = 'agent:' || a.id
WHERE m.id = $1;

-- name: interrupted(inbox_id, busy)
-- Calls of a vendor of which nobody who lives knows the end.
SELECT message_id, inbox_id, conversation_id, channel, state, attempt, next_at, started_at
FROM outbound WHERE inbox_id = $1 AND state = 'sending' AND message_id <> ALL ($2::uuid[]) ORDER BY message_id;

-- name: sent(message_id, started_at, vendor_id, now)
-- The vendor has it. Known late it still counts: what was thought unknown is sent.
UPDATE outbound SET state = 'sent', vendor_id = $3, finished_at = $4, error_class = NULL, error = NULL
WHERE message_id = $1 AND started_at = $2 AND state IN ('sending', 'unknown') RETURNING message_id;

-- name: retry_at(message_id, started_at, next_at, error_class, error)
-- The vendor said no for now, or for certain did nothing.
UPDATE outbound SET state = 'queued', next_at = $3, error_class = $4, error = $5
WHERE message_id = $1 AND started_at = $2 AND state IN ('sending', 'unknown') RETURNING message_id;

-- name: ended(message_id, started_at, state, now, error_class, error)
-- Not tried again by itself: failed, or unknown.
UPDATE outbound SET state = $3, finished_at = $4, error_class = $5, error = $6
WHERE message_id = $1 AND started_at = $2 AND state = 'sending' RETURNING message_id;

-- name: bounced(message_id, now, error_class, error)
-- Taken by the vendor, then returned; null when that is known already.
UPDATE outbound SET state = 'failed', finished_at = $2, error_class = $3, error = $4
WHERE message_id = $1 AND state IN ('sending', 'sent', 'unknown') RETURNING message_id;

-- name: start_again(message_id, now)
-- A person wants it sent again, from the first attempt on.
UPDATE outbound SET state = 'queued', attempt = 0, next_at = $2, finished_at = NULL, error_class = NULL, error = NULL
WHERE message_id = $1 AND state IN ('failed', 'unknown') RETURNING inbox_id;

-- name: referred(message_id)
-- The sent message of ours a report is about, as the queue has it.
SELECT message_id, inbox_id, conversation_id, channel, state, attempt, next_at, started_at
FROM outbound WHERE message_id = $1;

-- name: sent_by_socket(channel, now, most)
-- Messages of a channel without a vendor are sent once they are stored: sockets read them from the journal.
UPDATE outbound SET state = 'sent', attempt = 1, started_at = $2, finished_at = $2
WHERE message_id IN (SELECT message_id FROM outbound WHERE channel = $1 AND state IN ('queued', 'sending')
                     ORDER BY message_id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING message_id;

-- name: refer(inbox_id, reference, conversation_id, ticket_id, message_id)
-- Under which id the world will know this mail of ours.
INSERT INTO mail_reference (inbox_id, reference, conversation_id, ticket_id, message_id, outbound)
VALUES ($1, $2, $3, $4, $5, true) ON CONFLICT DO NOTHING;

-- name: remember(inbox_id, reference, conversation_id, ticket_id, message_id)
-- Another sign by which an answer to this mail of the customer's will be known.
INSERT INTO mail_reference (inbox_id, reference, conversation_id, ticket_id, message_id, outbound)
VALUES ($1, $2, $3, $4, $5, false) ON CONFLICT DO NOTHING;

-- name: lately(message_id, since, most)
-- What the sender of a message wrote to this inbox lately and what our machines answered, here at any time.
SELECT o.direction, o.at, v.id = m.conversation_id AS here
FROM message m JOIN conversation v ON v.identity_id = m.identity_id AND v.inbox_id = m.inbox_id
JOIN message o ON o.conversation_id = v.id
WHERE m.id = $1 AND (o.at > $2 OR v.id = m.conversation_id)
  AND (o.direction = 'in' OR (o.direction = 'out' AND o.author NOT LIKE 'agent:%' AND o.kind NOT IN ('notice', 'survey')))
ORDER BY o.id DESC LIMIT $3;

-- name: of_reference(inbox_id, references)
-- The mail of ours with one of these ids, the first named first.
SELECT f.message_id FROM unnest($2::bytea[]) WITH ORDINALITY r(reference, ord)
JOIN mail_reference f ON f.inbox_id = $1 AND f.reference = r.reference AND f.outbound
ORDER BY r.ord LIMIT 1;

-- name: known_references(inbox_id, references)
-- Which of these mails the inbox has already.
SELECT DISTINCT reference FROM mail_reference WHERE inbox_id = $1 AND reference = ANY ($2::bytea[]);

-- name: thread(conversation_id, before, most)
-- The ids of the mails of a conversation, the newest first.
SELECT external_id, direction, payload FROM message
WHERE conversation_id = $1 AND id < $2 AND external_id IS NOT NULL AND (direction IN ('in', 'out') OR kind = 'mailed')
ORDER BY id DESC LIMIT $3;

-- name: suppress(id, identity_id, scope, reason, words, message_id, at, claim)
-- No more to this address; null when that is so already.
INSERT INTO suppressed_address (id, blind, scope, kind, masked, reason, words, message_id, at)
SELECT $1, x.blind, $3, x.kind, x.masked, $4, $5, $6, $7
FROM (SELECT i.blind, i.kind, i.masked FROM identity i WHERE i.id = $2 AND $8::bytea IS NULL UNION ALL
      (SELECT k.blind, k.kind, k.masked FROM claim k WHERE k.blind = $8 LIMIT 1)) x
ON CONFLICT (blind, scope) DO NOTHING RETURNING id;

-- name: suppressions_of(identity_id)
-- Why an identity's address is not written to, what concerns everything first.
SELECT s.id, s.scope, s.kind, s.masked, s.reason, s.words, s.message_id, s.at
FROM identity i JOIN suppressed_address s ON s.blind = i.blind WHERE i.id = $1 ORDER BY s.scope;

-- name: suppressions_of_claim(blind)
-- Why an address that somebody left is not written to, what concerns everything first.
SELECT id, scope, kind, masked, reason, words, message_id, at FROM suppressed_address WHERE blind = $1 ORDER BY scope;

-- name: mails_to_the_absent(conversation_ids, seconds)
-- Those of these chats whose inbox sends its answers after who left an address or a number, and after how many seconds.
SELECT v.id, coalesce((x.settings->>'answer_by_mail_after')::int, $2) AS seconds
FROM conversation v JOIN inbox x ON x.id = v.inbox_id
WHERE v.id = ANY ($1) AND v.channel = 'webchat'
  AND (coalesce(x.settings->>'answer_by_mail', '') <> '' OR coalesce(x.settings->>'answer_by_text', '') <> '')
  AND EXISTS (SELECT FROM claim k WHERE k.contact_id = v.contact_id AND (
    (k.kind = 'email' AND coalesce(x.settings->>'answer_by_mail', '') <> '')
    OR (k.kind = 'phone' AND coalesce(x.settings->>'answer_by_text', '') <> '')));

-- name: ways_of(conversation_id)
-- The inboxes of the same brand through which the answers of a chat follow who is gone: by mail first, then by text.
SELECT m.id AS inbox_id, m.channel, CASE m.channel WHEN 'email' THEN 'email' ELSE 'phone' END AS kind,
       coalesce((m.settings->>'most_blank_chars')::int, 500) AS most_chars
FROM conversation v JOIN inbox x ON x.id = v.inbox_id
JOIN inbox m ON m.enabled AND m.brand_id = v.brand_id AND (
  (m.id::text = x.settings->>'answer_by_mail' AND m.channel = 'email')
  OR (m.id::text = x.settings->>'answer_by_text' AND m.channel LIKE 'sms\_%'))
WHERE v.id = $1 ORDER BY m.channel <> 'email';

-- name: unheard(conversation_id)
-- Answers of people that a visitor has not seen since he was last heard of; none when he was mailed since, or is back.
WITH heard AS (
  SELECT greatest(
    (SELECT r.message_id FROM read_mark r WHERE r.conversation_id = $1 AND r.reader = 'customer'),
    (SELECT m.id FROM message m WHERE m.conversation_id = $1 AND m.direction = 'in' ORDER BY m.id DESC LIMIT 1)) AS id
)
SELECT m.id FROM heard CROSS JOIN message m
WHERE m.conversation_id = $1 AND m.direction = 'out' AND m.author LIKE 'agent:%' AND m.recalled_at IS NULL
  AND (heard.id IS NULL OR m.id > heard.id)
  AND NOT EXISTS (SELECT FROM message n WHERE n.conversation_id = $1 AND n.kind = 'mailed'
                  AND (heard.id IS NULL OR n.id > heard.id))
  AND NOT EXISTS (SELECT FROM conversation v JOIN conversation w ON w.identity_id = v.identity_id AND w.id > v.id
                  WHERE v.id = $1)
ORDER BY m.id LIMIT 50;

-- name: answers(message_id)
-- What the line of a mailed answer names, without what was recalled.
SELECT m.author, a.name AS agent_name, m.text, m.attachments
FROM message l CROSS JOIN LATERAL jsonb_array_elements_text(l.payload->'answers') x(id)
JOIN message m ON m.id = x.id::uuid LEFT JOIN agent a ON m.author = 'agent:' || a.id
WHERE l.id = $1 AND m.recalled_at IS NULL ORDER BY m.id;

-- name: mailed_to(inbox_id, references)
-- The claimed addresses to which these mails of ours went.
SELECT q.claim FROM mail_reference f JOIN outbound q ON q.message_id = f.message_id
WHERE f.inbox_id = $1 AND f.reference = ANY ($2) AND f.outbound AND q.claim IS NOT NULL;

-- name: suppressions(before, most)
-- The addresses not written to, the newest first.
SELECT id, scope, kind, masked, reason, words, message_id, at FROM suppressed_address
WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2;

-- name: allow_identity(identity_id)
-- The address of an identity may be written to again.
DELETE FROM suppressed_address s USING identity i WHERE i.id = $1 AND s.blind = i.blind RETURNING s.id;

-- name: allow(id)
-- One of them may be written to again.
DELETE FROM suppressed_address WHERE id = $1 RETURNING id;

-- name: started_since(inbox_id, since)
-- When calls of the vendor began lately.
SELECT started_at FROM outbound WHERE inbox_id = $1 AND started_at > $2 ORDER BY started_at;

-- name: postpone(message_id, until, error_class, error)
-- Not before then: the account has no room.
UPDATE outbound SET next_at = $2, error_class = $3, error = $4 WHERE message_id = $1 AND state = 'queued'
RETURNING message_id;

-- name: quotas(conversations, besides, now)
-- The windows of these conversations' inboxes, what opened them and what of ours went since. A message that its channel
-- counts as something else says so in `opens`. What is kept for asking is said by the satisfaction rules in force: the
-- inbox's, the team's, the house's.
WITH said AS (
  SELECT d.name, d.body FROM config_release_item i JOIN config_document d ON d.id = i.document_id
  WHERE i.release_id = (SELECT id FROM config_release ORDER BY number DESC LIMIT 1) AND i.kind = 'satisfaction'
)
SELECT v.id, x.windows, w.spoke_at, h.events, q.sent,
       CASE WHEN coalesce(e.enabled, true) THEN coalesce(r.reserved, 1) ELSE 0 END AS reserved
FROM conversation v JOIN inbox x ON x.id = v.inbox_id
CROSS JOIN LATERAL (SELECT max(s.at) AS spoke_at FROM conversation o
                    CROSS JOIN LATERAL (SELECT m.at FROM message m
                                        WHERE m.conversation_id = o.id AND m.direction = 'in' AND m.payload->>'opens' IS NULL
                                        ORDER BY m.id DESC LIMIT 1) s
                    WHERE o.identity_id = v.identity_id AND o.inbox_id = v.inbox_id
                      AND o.last_inbound_at > $3::timestamptz - interval '31 days') w
CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('kind', g.kind, 'at', g.at)) AS events, min(g.at) AS earliest
                    FROM (SELECT n.kind, max(n.at) AS at FROM channel_event n
                          WHERE n.identity_id = v.identity_id AND n.inbox_id = v.inbox_id
                            AND n.at > $3::timestamptz - interval '31 days' GROUP BY n.kind) g) h
CROSS JOIN LATERAL (SELECT array_agg(l.at) AS sent
                    FROM (SELECT m.at FROM conversation o JOIN message m ON m.conversation_id = o.id
                          WHERE o.identity_id = v.identity_id AND o.inbox_id = v.inbox_id
                            AND o.last_message_at >= least(w.spoke_at, h.earliest)
                            AND m.direction = 'out' AND m.at >= least(w.spoke_at, h.earliest)
                            AND m.id IS DISTINCT FROM $2 AND m.recalled_at IS NULL AND m.delivery IS DISTINCT FROM 'failed'
                            AND m.kind <> 'template'
                          ORDER BY m.at DESC LIMIT 200) l) q
LEFT JOIN LATERAL (SELECT (body->>'enabled')::bool AS enabled FROM said
                   WHERE body ? 'enabled' AND (name = 'default' OR body->'inboxes' ? v.inbox_id::text OR body->'teams' ? v.team_id::text)
                   ORDER BY body->'inboxes' ? v.inbox_id::text DESC NULLS LAST, name = 'default' LIMIT 1) e ON true
LEFT JOIN LATERAL (SELECT (body->>'reserve_messages')::int AS reserved FROM said
                   WHERE body ? 'reserve_messages'
                     AND (name = 'default' OR body->'inboxes' ? v.inbox_id::text OR body->'teams' ? v.team_id::text)
                   ORDER BY body->'inboxes' ? v.inbox_id::text DESC NULLS LAST, name = 'default' LIMIT 1) r ON true
WHERE v.id = ANY ($1) AND x.windows <> '[]';

-- name: is_public(conversation_id)
-- Whether everybody reads what is said there.
SELECT x.public FROM conversation v JOIN inbox x ON x.id = v.inbox_id WHERE v.id = $1;

-- name: sent_as(inbox_id, vendor_id)
-- The message of ours that the vendor knows under this id.
SELECT message_id FROM outbound WHERE inbox_id = $1 AND vendor_id = $2 ORDER BY message_id DESC LIMIT 1;

-- name: heard_as(inbox_id, message_id, vendor_id, now)
-- The vendor says our own id back: it has the message, whatever became of the call. Null where it is none of ours.
UPDATE outbound SET state = 'sent', vendor_id = $3, finished_at = $4, error_class = NULL, error = NULL
WHERE message_id = $2 AND inbox_id = $1 RETURNING message_id;

-- name: keep_early(inbox_id, vendor_id, state, error_class, words, at)
-- A report about a message whose call has not been answered yet.
INSERT INTO early_report (inbox_id, vendor_id, state, error_class, words, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: take_early(message_id, vendor_id)
-- What was reported before the call was answered, in the order of its life.
WITH found AS (
  DELETE FROM early_report e USING outbound o WHERE o.message_id = $1 AND e.inbox_id = o.inbox_id AND e.vendor_id = $2
  RETURNING e.state, e.error_class, e.words, e.at
)
SELECT state, error_class, words FROM found ORDER BY at, array_position(ARRAY['failed', 'delivered', 'read'], state);

-- name: take_early_as(inbox_id, vendor_id)
-- The same of something that stands in no conversation.
WITH found AS (DELETE FROM early_report WHERE inbox_id = $1 AND vendor_id = $2 RETURNING state, error_class, words, at)
SELECT state, error_class, words FROM found ORDER BY at;

-- name: take_recalled(inbox_id, vendor_ids, state)
-- Messages to us that were taken back before they came.
DELETE FROM early_report WHERE inbox_id = $1 AND vendor_id = ANY($2::text[]) AND state = $3 RETURNING vendor_id;

-- name: forget_early(before, most)
-- Reports about messages that nobody here sent.
DELETE FROM early_report WHERE ctid IN (SELECT ctid FROM early_report WHERE at < $1 LIMIT $2) RETURNING 1;

-- name: vendor_id_of(message_id)
-- As what the vendor knows a message, the customer's or ours.
SELECT coalesce(nullif(q.vendor_id, ''), m.external_id, '') FROM message m LEFT JOIN outbound q ON q.message_id = m.id
WHERE m.id = $1;

-- name: sent_at_vendor(message_id)
-- A message of ours that has left the house, and as what its vendor knows it.
SELECT q.inbox_id, q.channel, coalesce(q.vendor_id, '') AS vendor_id, m.payload FROM outbound q JOIN message m ON m.id = q.message_id
WHERE q.message_id = $1 AND q.state IN ('sending', 'sent', 'unknown');
