-- Inboxes where everybody reads what we say: nothing automatic is said there, for it may repeat what he wrote in private.
ALTER TABLE inbox ADD COLUMN public bool NOT NULL DEFAULT false;
