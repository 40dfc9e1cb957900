-- When a phone is silent, as its owner set it in the app: {start, end, tz}.
ALTER TABLE push_token ADD COLUMN quiet jsonb;
