-- Tokens of whatever signs in somewhere, mailboxes and connectors as well (owner: foundation/tokens).
CREATE TABLE vendor_token (
  owner uuid NOT NULL,                  -- an inbox, or the credentials of a connector
  name text NOT NULL,
  token bytea,                          -- sealed
  refresh_at timestamptz,               -- at 80 % of its life
  expires_at timestamptz,
  asked_at timestamptz,                 -- when the vendor was last asked
  held_until timestamptz,               -- one process asks at a time
  PRIMARY KEY (owner, name)
);
CREATE INDEX vendor_token_over ON vendor_token (expires_at);
INSERT INTO vendor_token (owner, name, token, refresh_at, expires_at, asked_at)
SELECT inbox_id, name, token, refresh_at, expires_at, asked_at FROM channel_token;
DROP TABLE channel_token;
