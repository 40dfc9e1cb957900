-- A template waits for its yes like any reply, and then goes as what it is.
ALTER TABLE held_reply ADD COLUMN kind text NOT NULL DEFAULT 'text', ADD COLUMN payload jsonb;
