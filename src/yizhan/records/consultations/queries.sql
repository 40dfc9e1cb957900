-- name: add(id, ticket_id, conversation_id, contact_id, brand_id, team_id, question, war_room, asked_by, asked_at)
-- A question to colleagues.
INSERT INTO consultation (id, ticket_id, conversation_id, contact_id, brand_id, team_id, question, war_room, asked_by, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: lock(id)
-- A consultation, locked.
SELECT id, ticket_id, conversation_id, contact_id, brand_id, team_id, question, war_room, asked_by, asked_at, state,
       conclusion, closed_by, closed_at, said, version
FROM consultation WHERE id = $1 FOR UPDATE;

-- name: touch(id, lines)
-- Somebody came, left, or said something.
UPDATE consultation SET said = said + $2, version = version + 1 WHERE id = $1 RETURNING version;

-- name: close(id, conclusion, closed_by, at)
-- It ends with what was found out.
UPDATE consultation SET state = 'closed', conclusion = $2, closed_by = $3, closed_at = $4, version = version + 1
WHERE id = $1 RETURNING version;

-- name: members(consultation_id)
-- Everybody who was asked, in that order.
SELECT id, agent_id, team_id, state, invited_by, invited_at, answered_at FROM consultation_member
WHERE consultation_id = $1 ORDER BY invited_at, id;

-- name: invite(ids, consultation_id, agents, teams, invited_by, at)
-- Asks agents and teams; who is in it already stays as he is, who had left or declined is asked again.
INSERT INTO consultation_member (id, consultation_id, agent_id, team_id, invited_by, invited_at)
SELECT i, $2, a, t, $5, $6 FROM unnest($1::uuid[], $3::uuid[], $4::uuid[]) u(i, a, t)
WHERE NOT EXISTS (SELECT FROM consultation_member m WHERE m.consultation_id = $2
                  AND ((u.a IS NOT NULL AND m.agent_id = u.a) OR (u.a IS NULL AND m.agent_id IS NULL AND m.team_id = u.t)));

-- name: ask_again(consultation_id, agents, teams, invited_by, at)
-- Those of these who had declined or left, or teams of which somebody has come already.
UPDATE consultation_member m SET state = 'invited', invited_by = $4, invited_at = $5, answered_at = NULL
WHERE m.consultation_id = $1
  AND ((m.agent_id = ANY ($2) AND m.state IN ('declined', 'left')) OR (m.agent_id IS NULL AND m.team_id = ANY ($3) AND m.state = 'joined'))
RETURNING m.id;

-- name: join(id, consultation_id, agent_id, team_id, at)
-- Somebody who was not asked by name comes: one of an invited team, or who may see the ticket.
INSERT INTO consultation_member (id, consultation_id, agent_id, team_id, state, invited_by, invited_at, answered_at)
VALUES ($1, $2, $3, $4, 'joined', $3, $5, $5);

-- name: answer(id, state, at)
-- Comes, does not come, leaves.
UPDATE consultation_member SET state = $2, answered_at = $3 WHERE id = $1;

-- name: add_line(id, consultation_id, author, text, mentions, client_id, at)
-- A line of the discussion; one told twice is one.
INSERT INTO consultation_message (id, consultation_id, author, text, mentions, client_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (consultation_id, author, client_id) DO NOTHING RETURNING id;

-- name: lines(consultation_id, after, count)
-- The discussion, oldest first.
SELECT id, author, text, mentions, at FROM consultation_message
WHERE consultation_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3;

-- name: held_open(conversation_id, ticket_id)
-- Whether colleagues are being consulted in this matter.
SELECT EXISTS (
  SELECT FROM consultation c WHERE c.state = 'open' AND c.ticket_id = $2
  UNION ALL SELECT FROM ticket t JOIN consultation c ON c.ticket_id = t.id AND c.state = 'open' WHERE t.merged_into = $2
  UNION ALL SELECT FROM consultation c WHERE c.state = 'open' AND c.conversation_id = $1);

-- name: invited(ticket_id, agent_id, teams)
-- Whether this agent is asked into the ticket, or one that it was merged with, by an open consultation.
SELECT EXISTS (
  SELECT FROM consultation c JOIN consultation_member m ON m.consultation_id = c.id
  WHERE c.state = 'open' AND m.state IN ('invited', 'joined')
    AND (m.agent_id = $2 OR (m.agent_id IS NULL AND m.team_id = ANY ($3)
         AND (c.war_room OR m.state = 'invited')))
    AND (c.ticket_id = $1 OR c.ticket_id IN (SELECT id FROM ticket WHERE merged_into = $1)
         OR c.ticket_id = (SELECT merged_into FROM ticket WHERE id = $1)));
