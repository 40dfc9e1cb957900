-- By the ticket that follows up a low rating: routing asks of everything that waits whose rating that was.
CREATE INDEX rating_follow_up ON rating (follow_up_id) WHERE follow_up_id IS NOT NULL;
CREATE INDEX ticket_rating_follow_up ON ticket_rating (follow_up_id) WHERE follow_up_id IS NOT NULL;
