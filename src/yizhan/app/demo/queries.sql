-- name: wipe_customers()
-- The demo begins anew: everything that customers left. People, inboxes and the journal stay, so nobody is signed out
-- and the chain of the journal holds. Nothing but the demo may do this; owners delete row by row.
TRUNCATE conversation, message, dedupe_key, mail_reference, read_mark, message_move, ticket, note, assignment, offer,
  outbound, visit, trail, invitation, contact, identity, link, claim, search_row, timer,
  shift, leave, break_wait, duty_call, handover_item;

-- name: restart_numbers()
-- Tickets are numbered from the first again.
SELECT setval('ticket_number', 208000, false);
