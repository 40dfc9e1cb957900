-- name: survey(conversation_id)
-- Whether and how a conversation's customer was asked.
SELECT conversation_id, contact_id, way, asked_at, invited_by, invited_at, skipped FROM survey WHERE conversation_id = $1;

-- name: keep_surveys(conversations, contacts, ways, asked, invited_by, invited_at, skipped)
-- Once a conversation; an asking after an invitation that was spared counts.
INSERT INTO survey (conversation_id, contact_id, way, asked_at, invited_by, invited_at, skipped)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::timestamptz[], $7::text[])
ON CONFLICT (conversation_id) DO UPDATE SET
  way = excluded.way, asked_at = coalesce(survey.asked_at, excluded.asked_at),
  invited_by = coalesce(survey.invited_by, excluded.invited_by),
  invited_at = coalesce(survey.invited_at, excluded.invited_at),
  skipped = CASE WHEN coalesce(survey.asked_at, excluded.asked_at) IS NULL THEN excluded.skipped END;

-- name: asked_since(conversation_id, since)
-- Whether the form is open in the customer's window.
SELECT EXISTS (SELECT FROM survey WHERE conversation_id = $1 AND way = 'window' AND asked_at > $2);

-- name: rating(conversation_id)
-- A rating as it is, locked.
SELECT conversation_id, contact_id, brand_id, team_id, inbox_id, ticket_id, agent_id, others, solved, stars, tags, comment,
       way, given_at, changed_at, low, follow_up_id, excluded, version
FROM rating WHERE conversation_id = $1 FOR NO KEY UPDATE;

-- name: keep(conversation_id, contact_id, brand_id, team_id, inbox_id, ticket_id, agent_id, others, solved, stars, tags, comment, way, at, low)
-- The latest word counts; who is rated is settled by the first.
INSERT INTO rating (conversation_id, contact_id, brand_id, team_id, inbox_id, ticket_id, agent_id, others, solved, stars,
                    tags, comment, way, given_at, changed_at, low)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
ON CONFLICT (conversation_id) DO UPDATE SET solved = $9, stars = $10, tags = $11, comment = $12, changed_at = $14,
  low = $15, version = rating.version + 1
RETURNING version;

-- name: follow_up(conversation_id, ticket_id)
-- Somebody asks what went wrong.
UPDATE rating SET follow_up_id = $2, version = version + 1 WHERE conversation_id = $1 RETURNING version;

-- name: exclude(conversation_id, excluded)
-- Whether it is out of the agent's own figures.
UPDATE rating SET excluded = $2, version = version + 1 WHERE conversation_id = $1 RETURNING version;

-- name: appeal(id, conversation_id, agent_id, cause, words, at)
-- 差评申诉, once a rating.
INSERT INTO rating_appeal (id, conversation_id, agent_id, cause, words, made_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (conversation_id) DO NOTHING RETURNING id;

-- name: lock_appeal(id)
-- An appeal, locked.
SELECT id, conversation_id, agent_id, cause, words, made_at, state, decided_by, decided_at, decision
FROM rating_appeal WHERE id = $1 FOR UPDATE;

-- name: decide(id, state, by, at, words, cause)
-- What a supervisor made of it.
UPDATE rating_appeal SET state = $2, decided_by = $3, decided_at = $4, decision = $5, cause = $6 WHERE id = $1;

-- name: ticket_survey(ticket_id)
-- Whether the customer of a ticket was asked about all of it.
SELECT ticket_id, contact_id, conversation_id, way, took_hours, asked_at FROM ticket_survey WHERE ticket_id = $1;

-- name: keep_ticket_survey(ticket_id, contact_id, conversation_id, way, took_hours, at)
-- Once a ticket; null when he was asked before.
INSERT INTO ticket_survey (ticket_id, contact_id, conversation_id, way, took_hours, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (ticket_id) DO NOTHING RETURNING ticket_id;

-- name: ticket_rating(ticket_id)
-- What was said of a ticket, locked.
SELECT ticket_id, contact_id, brand_id, team_id, owner_id, conversation_id, took_hours, solved, stars, tags, comment, given_at,
       changed_at, low, follow_up_id, version
FROM ticket_rating WHERE ticket_id = $1 FOR NO KEY UPDATE;

-- name: keep_ticket_rating(ticket_id, contact_id, brand_id, team_id, owner_id, conversation_id, took_hours, solved, stars, tags, comment, at, low)
-- The latest word counts.
INSERT INTO ticket_rating (ticket_id, contact_id, brand_id, team_id, owner_id, conversation_id, took_hours, solved, stars, tags,
                           comment, given_at, changed_at, low)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)
ON CONFLICT (ticket_id) DO UPDATE SET solved = $8, stars = $9, tags = $10, comment = $11, changed_at = $12, low = $13,
  version = ticket_rating.version + 1
RETURNING version;

-- name: follow_up_ticket(ticket_id, follow_up)
-- Somebody asks what went wrong.
UPDATE ticket_rating SET follow_up_id = $2, version = version + 1 WHERE ticket_id = $1 RETURNING version;
