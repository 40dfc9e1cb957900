-- name: add(id, conversation_id, contact_id, ticket_id, way, kind, blind, masked, code, asked_by, asked_at, expires_at)
-- Something is about to be sent.
INSERT INTO verification (id, conversation_id, contact_id, ticket_id, way, kind, blind, masked, code, state, asked_by,
  asked_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'sending', $10, $11, $12);

-- name: replace(conversation_id)
-- Of several that were sent only the newest counts.
UPDATE verification SET state = 'replaced', version = version + 1
WHERE conversation_id = $1 AND state IN ('sending', 'sent');

-- name: lock(id)
-- One verification, held.
SELECT id, conversation_id, contact_id, ticket_id, way, kind, blind, masked, code, state, tries, error, asked_by, asked_at,
       expires_at, proved_at, good_until, version
FROM verification WHERE id = $1 FOR NO KEY UPDATE;

-- name: rows(ids)
-- These verifications.
SELECT id, conversation_id, contact_id, ticket_id, way, kind, blind, masked, code, state, tries, error, asked_by, asked_at,
       expires_at, proved_at, good_until, version
FROM verification WHERE id = ANY ($1);

-- name: last_of(conversation_id)
-- The newest of a conversation.
SELECT id, conversation_id, contact_id, ticket_id, way, kind, blind, masked, code, state, tries, error, asked_by, asked_at,
       expires_at, proved_at, good_until, version
FROM verification WHERE conversation_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1;

-- name: waiting_of(conversation_id, now)
-- The one whose code may be typed in a conversation now.
SELECT id FROM verification
WHERE conversation_id = $1 AND state = 'sent' AND expires_at > $2 AND code IS NOT NULL
ORDER BY asked_at DESC, id DESC LIMIT 1;

-- name: asked_since(contact_id, blind, since)
-- How often something was sent for a contact or to an address.
SELECT count(*) FROM (
  SELECT id FROM verification WHERE contact_id = $1 AND asked_at > $3 AND state <> 'failed'
  UNION SELECT id FROM verification WHERE blind = $2 AND asked_at > $3 AND state <> 'failed') sent;

-- name: settle(id, state, error, proved_at, good_until)
-- How it went.
UPDATE verification SET state = $2, error = $3, proved_at = $4, good_until = $5, version = version + 1
WHERE id = $1 RETURNING version;

-- name: tried(id)
-- One more wrong code.
UPDATE verification SET tries = tries + 1, version = version + 1 WHERE id = $1 RETURNING tries;

-- name: covered(contacts, now)
-- Of these contacts, those for whom a proof counts now: their own, that of an address proved to be theirs, or that of
-- a contact whom a proof made one person with them.
WITH good AS (
  SELECT w.contact_id, w.blind FROM verification w
  WHERE w.state = 'proved' AND w.good_until > $2 AND (
    w.contact_id = ANY ($1)
    OR w.blind IN (SELECT i.blind FROM identity i WHERE i.contact_id = ANY ($1) AND i.valid_to IS NULL AND i.verified_at IS NOT NULL)
    OR w.contact_id IN (
      SELECT l.b_contact FROM link l WHERE l.ended_at IS NULL AND l.strength = 'proved' AND l.a_contact = ANY ($1)
      UNION ALL SELECT l.a_contact FROM link l WHERE l.ended_at IS NULL AND l.strength = 'proved' AND l.b_contact = ANY ($1)))
)
SELECT c.id FROM unnest($1::uuid[]) c(id)
WHERE EXISTS (
  SELECT FROM good g WHERE g.contact_id = c.id
  OR g.blind IN (SELECT i.blind FROM identity i WHERE i.contact_id = c.id AND i.valid_to IS NULL
                  AND i.verified_at IS NOT NULL)
  OR EXISTS (SELECT FROM link l WHERE l.ended_at IS NULL AND l.strength = 'proved'
             AND ((l.a_contact = c.id AND l.b_contact = g.contact_id) OR (l.b_contact = c.id AND l.a_contact = g.contact_id))));

-- name: standing_login(contacts)
-- Of these contacts, those who are signed in on the house's own site in a conversation that runs, since when: it was
-- begun signed in, or who began it as nobody signed in since and is one with his account by proof.
SELECT id, min(at) AS at FROM (
  SELECT c.id, v.created_at AS at FROM unnest($1::uuid[]) c(id)
  JOIN identity i ON i.contact_id = c.id AND i.kind = 'user' AND i.verified_at IS NOT NULL AND i.valid_to IS NULL
  JOIN conversation v ON v.identity_id = i.id AND v.inbox_id = i.inbox_id AND v.phase <> 'ended'
  UNION ALL
  SELECT c.id, s.at FROM unnest($1::uuid[]) c(id) CROSS JOIN LATERAL (
    SELECT v.contact_id AS talks, i.contact_id AS account, w.at
    FROM conversation v JOIN conversation_login w ON w.conversation_id = v.id JOIN identity i ON i.id = w.identity_id
    WHERE v.contact_id = c.id AND v.phase <> 'ended' AND i.verified_at IS NOT NULL AND i.valid_to IS NULL
    UNION ALL
    SELECT v.contact_id, i.contact_id, w.at
    FROM identity i JOIN conversation_login w ON w.identity_id = i.id JOIN conversation v ON v.id = w.conversation_id
    WHERE i.contact_id = c.id AND v.phase <> 'ended' AND i.verified_at IS NOT NULL AND i.valid_to IS NULL) s
  WHERE s.talks = s.account OR EXISTS (
    SELECT FROM link l WHERE l.ended_at IS NULL AND l.strength = 'proved'
      AND ((l.a_contact = s.talks AND l.b_contact = s.account) OR (l.a_contact = s.account AND l.b_contact = s.talks)))) signed
GROUP BY id;

-- name: log_in(contact_id, browser, account, inbox_id, at)
-- The running conversation of a browser is that of an account from now on, where both are one by proof; told once.
INSERT INTO conversation_login (conversation_id, identity_id, at)
SELECT v.id, $3, $5 FROM conversation v JOIN identity i ON i.id = $3
WHERE v.identity_id = $2 AND v.inbox_id = $4 AND v.phase <> 'ended' AND i.verified_at IS NOT NULL AND (v.contact_id = $1 OR EXISTS (
  SELECT FROM link l WHERE l.ended_at IS NULL AND l.strength = 'proved'
    AND ((l.a_contact = v.contact_id AND l.b_contact = $1) OR (l.a_contact = $1 AND l.b_contact = v.contact_id))))
ON CONFLICT (conversation_id) DO UPDATE SET identity_id = excluded.identity_id, at = excluded.at
  WHERE conversation_login.identity_id <> excluded.identity_id
RETURNING conversation_id;

-- name: log_out(browser)
-- Whoever is at this browser now is not signed in.
DELETE FROM conversation_login w USING conversation v
WHERE v.id = w.conversation_id AND v.identity_id = $1 AND v.phase <> 'ended' RETURNING w.conversation_id, v.contact_id;

-- name: members(person_id)
-- All contacts of a person.
SELECT id FROM contact WHERE person_id = $1;

-- name: joined(contacts)
-- These contacts, and whoever is joined with them by proofs alone.
WITH RECURSIVE joined(id) AS (
  SELECT c.id FROM unnest($1::uuid[]) c(id)
  UNION
  SELECT other.id FROM joined j CROSS JOIN LATERAL (
    SELECT l.b_contact AS id FROM link l WHERE l.a_contact = j.id AND l.ended_at IS NULL AND l.strength = 'proved'
    UNION ALL
    SELECT l.a_contact FROM link l WHERE l.b_contact = j.id AND l.ended_at IS NULL AND l.strength = 'proved') other)
SELECT id FROM joined;
