-- The first or the last conversation of a ticket is asked for everywhere. Without the id in the index, a planner that
-- knows nothing of the table yet walks all conversations in the order of their ids.
CREATE INDEX conversation_of_ticket ON conversation (ticket_id, id);
DROP INDEX conversation_ticket;
