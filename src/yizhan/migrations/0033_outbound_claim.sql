-- A letter to an address that a visitor left (claim) instead of to the identity he writes from.
ALTER TABLE outbound ADD COLUMN claim bytea;
