-- name: heard(inbox_id)
-- What customers said in an inbox, the earliest first.
SELECT id, conversation_id, external_id, kind, text, payload, attachments, raw FROM message
WHERE inbox_id = $1 AND direction = 'in' ORDER BY id;

-- name: became(message_id)
-- What became of a message of ours.
SELECT delivery, delivery_error FROM message WHERE id = $1;

-- name: shut_store()
-- Nobody stores anything until this transaction ends.
LOCK TABLE message, event_new IN ACCESS EXCLUSIVE MODE;

-- name: waiting_for_store()
-- How many wait for the store to be open again.
SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IN ('message'::regclass, 'event_new'::regclass);
