-- The tickets nobody touches are found by `ticket_status`, read from its other end. Every customer's word writes into each
-- index of its ticket: this one told nothing the other does not.
DROP INDEX ticket_idle;
