-- What a visitor said of himself before he wrote, kept until there is a customer to write it to (owner: desk/trail).
-- Sealed: it holds addresses. Forgotten with the visitor, and after the time a visitor's pass lives.
CREATE TABLE visitor_words (
  visitor bytea PRIMARY KEY,            -- blind index, as in visit
  inbox_id uuid NOT NULL,
  said bytea NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX visitor_words_at ON visitor_words (at);

-- Events of other trackers that were taken in, by the hash of their message ids: each counts once (owner: desk/trail).
CREATE TABLE trail_taken (
  key bytea PRIMARY KEY,
  at timestamptz NOT NULL
);
CREATE INDEX trail_taken_at ON trail_taken (at);
