-- A processing note that nobody typed keeps what it says without a language, beside its words.
ALTER TABLE note
  ADD COLUMN code text,    -- which sentence; null: somebody's own words, or written before there were codes
  ADD COLUMN parts jsonb;  -- what fills its gaps
