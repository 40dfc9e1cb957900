-- name: gather(arrivals, senders, strangers, pointers, vouched, received, hasty)
-- What the database knows about the senders of a batch, locked until the transaction ends.
SELECT * FROM intake_gather($1::intake_arrival[], $2::intake_sender[], $3, $4::intake_pointer[], $5::intake_voucher[], $6,
                            $7);

-- name: let_go(keys, message_ids)
-- Of messages that this transaction noted and does not store.
DELETE FROM dedupe_key WHERE key = ANY ($1) AND message_id = ANY ($2);

-- name: write(conversations, tickets, touched, touched_tickets, messages, referenced, notes)
-- Everything a batch changes.
SELECT intake_write($1::intake_conversation[], $2::intake_ticket[], $3::intake_touch[], $4::intake_ticket_touch[],
                    $5::intake_row[], $6, $7::intake_note[]);

-- name: forget_keys(before, most)
-- Keys of callbacks nobody delivers again by now; those of mails and imports are kept for ever.
DELETE FROM dedupe_key WHERE key IN (SELECT key FROM dedupe_key WHERE at < $1 AND NOT keep LIMIT $2) RETURNING key;

-- name: inbox_facts()
-- What placing needs to know of every inbox.
SELECT id, channel, brand_id, team_id, live OR channel = 'webchat' AS live,
       coalesce((settings->>'bot')::bool, false) AND NOT public AS bot
FROM inbox;
