-- Identity cards are few, and asked for whenever contacts become one (owner: records/contacts).
CREATE INDEX identity_card ON identity (contact_id) WHERE kind = 'id_card' AND valid_to IS NULL;
