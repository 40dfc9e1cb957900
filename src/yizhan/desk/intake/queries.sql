-- name: gather(batch, received)
-- What the database knows about the senders of a batch, locked until the transaction ends.
SELECT intake_gather($1::intake_message[], $2)::text;

-- name: write(conversations, tickets, touched, touched_tickets, messages, notes, events)
-- Everything a batch changes.
SELECT intake_write($1::intake_conversation[], $2::intake_ticket[], $3::intake_touch[], $4::intake_ticket_touch[],
                    $5::intake_row[], $6::intake_note[], $7::intake_event[]);

-- name: inbox_facts()
-- What placing needs to know of every inbox.
SELECT id, channel, brand_id, team_id, coalesce((settings->>'bot')::bool, false) AS bot FROM inbox;
