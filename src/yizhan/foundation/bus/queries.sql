-- name: notify(channel, texts)
-- Every text in one round trip and one transaction.
SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text;

-- name: ping()
-- Shows that a connection which only listens is still one.
SELECT 1;
