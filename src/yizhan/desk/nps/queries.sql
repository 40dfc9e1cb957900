-- name: add_run(id, campaign, period, rules, source, at, by, ask_until, closes_at, cursor)
-- A period begins; null when it has begun.
INSERT INTO nps_run (id, campaign, period, rules, source, state, started_at, started_by, ask_until, closes_at, next_at, cursor)
VALUES ($1, $2, $3, $4, $5, 'gathering', $6, $7, $8, $9, $6, $10)
ON CONFLICT (campaign, period) DO NOTHING RETURNING id;

-- name: last_period(campaign)
-- The latest period that has begun.
SELECT max(period) FROM nps_run WHERE campaign = $1;

-- name: lock_run(id)
-- A run, locked.
SELECT id, campaign, period, rules, source, state, started_at, started_by, ask_until, closes_at, next_at, cursor, considered,
       spared, ended_at, version
FROM nps_run WHERE id = $1 FOR UPDATE;

-- name: gathered(id, cursor, considered, spared, state)
-- How far a run has looked.
UPDATE nps_run SET cursor = $2, considered = considered + $3, spared = $4, state = $5, version = version + 1 WHERE id = $1;

-- name: paced(id, next_at)
-- When the next are asked.
UPDATE nps_run SET next_at = $2 WHERE id = $1;

-- name: put_state(id, state, at)
-- A run goes on, or is over.
UPDATE nps_run SET state = $2, ended_at = $3, version = version + 1 WHERE id = $1 RETURNING version;

-- name: looked_at(after, since, until, count)
-- The next conversations of the look-back; a person only with his first there, so that he is looked at once.
SELECT v.id, c.person_id, NOT EXISTS (
         SELECT FROM contact o JOIN conversation w ON w.contact_id = o.id
         WHERE o.person_id = c.person_id AND w.id >= $2 AND w.id < v.id) AS first
FROM (SELECT id, contact_id FROM conversation WHERE id > $1 AND id < $3 ORDER BY id LIMIT $4) v
JOIN contact c ON c.id = v.contact_id ORDER BY v.id;

-- name: people(persons, since, now)
-- What is known of these persons, where they can be asked, and what stands against it.
SELECT p.id AS person_id, w.level, w.locale, w.known_since, s.brand, s.channel, s.inbox, s.team, s.conversations, s.last_contact,
       s.stars, t.tickets, t.types, t.tags,
       ARRAY(SELECT g.segment FROM segment_member g WHERE g.person_id = p.id) AS segment, coalesce(t.open, false) OR k.open AS open, k.complaints, y.ways,
       k.frozen OR EXISTS (SELECT FROM legal_hold h WHERE h.contact_id = ANY (w.contacts) AND h.released_at IS NULL)
         OR EXISTS (SELECT FROM block b WHERE b.contact_id = ANY (w.contacts) AND b.ended_at IS NULL
                      AND (b.until IS NULL OR b.until > $3)) AS held,
       greatest(
         (SELECT max(x.asked_at) FROM survey x WHERE x.contact_id = ANY (w.contacts) AND x.asked_at IS NOT NULL),
         (SELECT max(x.asked_at) FROM ticket_survey x WHERE x.contact_id = ANY (w.contacts)),
         (SELECT max(x.asked_at) FROM nps_invitation x WHERE x.contact_id = ANY (w.contacts) AND x.asked_at IS NOT NULL)
       ) AS last_asked
FROM unnest($1::uuid[]) p(id)
CROSS JOIN LATERAL (
  SELECT max(level) AS level, max(locale) AS locale, min(created_at) AS known_since, array_agg(id) AS contacts
  FROM contact WHERE person_id = p.id) w
CROSS JOIN LATERAL (
  SELECT count(*)::int AS conversations, max(v.created_at) AS last_contact, avg((v.rating->>'stars')::int)::float AS stars,
         array_agg(DISTINCT b.key) AS brand, array_agg(DISTINCT v.channel) AS channel, array_agg(DISTINCT x.key) AS inbox,
         array_remove(array_agg(DISTINCT m.key), NULL) AS team
  FROM conversation v JOIN brand b ON b.id = v.brand_id JOIN inbox x ON x.id = v.inbox_id LEFT JOIN team m ON m.id = v.team_id
  WHERE v.contact_id = ANY (w.contacts) AND v.id >= $2) s
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE t.id >= $2)::int AS tickets, array_agg(DISTINCT t.type) FILTER (WHERE t.id >= $2) AS types,
         array_agg(DISTINCT g) FILTER (WHERE t.id >= $2 AND g IS NOT NULL) AS tags,
         bool_or(t.status IN ('new', 'open', 'pending')) AS open
  FROM ticket t LEFT JOIN LATERAL unnest(t.tags) g ON true
  WHERE t.contact_id = ANY (w.contacts) AND t.merged_into IS NULL) t
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE k.id >= $2)::int AS complaints, coalesce(bool_or(k.state = 'open'), false) AS open,
         coalesce(bool_or(k.frozen), false) AS frozen
  FROM complaint k WHERE k.contact_id = ANY (w.contacts)) k
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_agg(to_jsonb(z)), '[]') AS ways FROM (
    SELECT DISTINCT ON (v.channel) v.channel, v.id AS conversation_id, v.contact_id, v.identity_id, v.brand_id, v.team_id
    FROM conversation v JOIN inbox x ON x.id = v.inbox_id AND x.enabled JOIN identity i ON i.id = v.identity_id AND i.valid_to IS NULL
    WHERE v.contact_id = ANY (w.contacts) AND v.id >= $2 AND v.channel IN ('email', 'webchat')
      AND NOT EXISTS (SELECT FROM suppressed_address a WHERE a.blind = i.blind)
    ORDER BY v.channel, v.id DESC) z) y
ORDER BY p.id;

-- name: add_invitations(ids, run, persons, contacts, identities, conversations, brands, teams, channels)
-- Those who are to be asked, once a run.
INSERT INTO nps_invitation (id, run_id, person_id, contact_id, identity_id, conversation_id, brand_id, team_id, channel)
SELECT x.id, $2, x.person, x.contact, x.identity, x.conversation, x.brand, x.team, x.channel
FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[])
     x(id, person, contact, identity, conversation, brand, team, channel)
ON CONFLICT (run_id, person_id) DO NOTHING;

-- name: take_over(ids, run, persons, contacts, identities, conversations, brands, teams, channels, asked, scores, comments, given)
-- Those who were asked before or elsewhere, with what they said.
INSERT INTO nps_invitation (id, run_id, person_id, contact_id, identity_id, conversation_id, brand_id, team_id, channel, state,
                            asked_at, score, comment, given_at, changed_at)
SELECT x.id, $2, x.person, x.contact, x.identity, x.conversation, x.brand, x.team, x.channel,
       CASE WHEN x.score IS NULL THEN 'asked' ELSE 'answered' END, x.asked, x.score, x.comment, x.given, x.given
FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::timestamptz[],
            $11::smallint[], $12::text[], $13::timestamptz[])
     x(id, person, contact, identity, conversation, brand, team, channel, asked, score, comment, given);

-- name: waiting(run, channel, count)
-- The next to be asked on a channel, locked.
SELECT id FROM nps_invitation WHERE run_id = $1 AND channel = $2 AND state = 'waiting' ORDER BY id LIMIT $3 FOR UPDATE;

-- name: invitations(ids)
-- Invitations with what their question is made of.
SELECT n.id, n.run_id, n.person_id, n.contact_id, n.identity_id, n.conversation_id, n.brand_id, n.team_id, n.channel, n.state,
       n.message_id, n.score, n.comment, n.given_at, n.follow_up_id, n.version, r.closes_at, b.name AS brand_name, c.locale
FROM unnest($1::uuid[]) WITH ORDINALITY x(id, at) JOIN nps_invitation n ON n.id = x.id JOIN nps_run r ON r.id = n.run_id
JOIN brand b ON b.id = n.brand_id JOIN contact c ON c.id = n.contact_id ORDER BY x.at;

-- name: lock_invitation(id)
-- Held until the transaction ends.
SELECT id FROM nps_invitation WHERE id = $1 FOR UPDATE;

-- name: asked(ids, messages, at)
-- They are asked.
UPDATE nps_invitation n SET state = 'asked', message_id = x.message, asked_at = $3, version = n.version + 1
FROM unnest($1::uuid[], $2::uuid[]) x(id, message) WHERE n.id = x.id;

-- name: spare(ids, whys)
-- Not asked after all.
UPDATE nps_invitation n SET state = 'spared', why = x.why, version = n.version + 1
FROM unnest($1::uuid[], $2::text[]) x(id, why) WHERE n.id = x.id;

-- name: spare_rest(run, why)
-- The time for asking is over.
UPDATE nps_invitation SET state = 'spared', why = $2, version = version + 1 WHERE run_id = $1 AND state = 'waiting';

-- name: of_visitor(identities, now)
-- The question that waits for a visitor, if there is one.
SELECT n.id FROM nps_invitation n JOIN nps_run r ON r.id = n.run_id
WHERE n.identity_id = ANY ($1) AND n.channel = 'webchat' AND n.state IN ('waiting', 'asked') AND r.closes_at > $2
  AND NOT n.declined AND r.state IN ('asking', 'answering') AND (n.state = 'asked' OR r.ask_until > $2)
ORDER BY n.id DESC LIMIT 1;

-- name: declined(id)
-- He closed it.
UPDATE nps_invitation SET declined = true, version = version + 1 WHERE id = $1;

-- name: answer(id, score, comment, at)
-- The latest word counts.
UPDATE nps_invitation SET state = 'answered', score = $2, comment = $3, given_at = coalesce(given_at, $4), changed_at = $4,
       asked_at = coalesce(asked_at, $4), version = version + 1
WHERE id = $1 RETURNING version;

-- name: unsubscribed(id)
-- He wants no more of them.
UPDATE nps_invitation SET state = 'unsubscribed', version = version + 1 WHERE id = $1 AND state IN ('waiting', 'asked');

-- name: follow_up(id, ticket)
-- Somebody asks what went wrong.
UPDATE nps_invitation SET follow_up_id = $2, version = version + 1 WHERE id = $1;

-- name: team_named(key)
-- A team by its key.
SELECT id FROM team WHERE key = $1;

-- name: newest_ticket(contact)
-- What a customer came for last.
SELECT id FROM ticket WHERE contact_id = $1 AND merged_into IS NULL AND parent_id IS NULL AND type NOT LIKE 'callback%'
ORDER BY id DESC LIMIT 1;

-- name: runs(campaign, count)
-- The runs of a campaign, the newest first.
SELECT id, campaign, period, rules, source, state, started_at, started_by, ask_until, closes_at, next_at, cursor, considered,
       spared, ended_at, version
FROM nps_run WHERE $1::text IS NULL OR campaign = $1 ORDER BY started_at DESC, id DESC LIMIT $2;

-- name: progress(run)
-- How many are in which state, and why some were spared after all.
SELECT state, why, count(*)::int AS people FROM nps_invitation WHERE run_id = $1 GROUP BY state, why;

-- name: tallies(runs, scope, teams, brands)
-- Of what a viewer may see: how often each score was given by brand and channel; null: asked, no answer.
SELECT n.brand_id, b.name AS brand_name, n.channel, n.score, count(*)::int AS people
FROM nps_invitation n JOIN brand b ON b.id = n.brand_id
WHERE n.run_id = ANY ($1) AND n.asked_at IS NOT NULL
  AND ($2 = 'all' OR ($2 = 'brand' AND n.brand_id = ANY ($4)) OR ($2 <> 'own' AND n.team_id = ANY ($3)))
GROUP BY n.brand_id, b.name, n.channel, n.score;

-- name: months(campaign, scope, teams, brands, zone, since)
-- The same by month of the answer, over all runs of a campaign.
SELECT to_char(n.given_at AT TIME ZONE $5, 'YYYY-MM') AS month, n.score, count(*)::int AS people
FROM nps_invitation n JOIN nps_run r ON r.id = n.run_id
WHERE r.campaign = $1 AND n.given_at >= $6
  AND ($2 = 'all' OR ($2 = 'brand' AND n.brand_id = ANY ($4)) OR ($2 <> 'own' AND n.team_id = ANY ($3)))
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: comments(run, scope, teams, brands, least, most, worded, before, count)
-- Answers, the latest first.
SELECT n.id, n.given_at, n.score, n.comment, n.channel, b.name AS brand_name, n.contact_id, c.name AS contact_name,
       n.conversation_id, n.follow_up_id, f.number AS follow_up_number, f.status AS follow_up_status, a.name AS follower_name
FROM nps_invitation n JOIN brand b ON b.id = n.brand_id JOIN contact c ON c.id = n.contact_id
LEFT JOIN ticket f ON f.id = n.follow_up_id LEFT JOIN agent a ON a.id = f.agent_id
WHERE n.run_id = $1 AND n.given_at IS NOT NULL AND n.score BETWEEN $5 AND $6 AND (NOT $7 OR n.comment <> '')
  AND ($2 = 'all' OR ($2 = 'brand' AND n.brand_id = ANY ($4)) OR ($2 <> 'own' AND n.team_id = ANY ($3)))
  AND ($8::uuid IS NULL OR (n.given_at, n.id) < (SELECT o.given_at, o.id FROM nps_invitation o WHERE o.id = $8))
ORDER BY n.given_at DESC, n.id DESC LIMIT $9;

-- name: run(id)
-- A run.
SELECT id, campaign, period, rules, source, state, started_at, started_by, ask_until, closes_at, next_at, cursor, considered,
       spared, ended_at, version
FROM nps_run WHERE id = $1;
