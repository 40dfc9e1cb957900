-- The house's own colour and logo: one row (owner: records/look).
CREATE TABLE house_look (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  color text NOT NULL DEFAULT '' CHECK (color ~ '^(#[0-9a-f]{6})?$'),
  logo text CHECK (logo ~ '^[0-9a-f]{64}$'),   -- the blob's hash
  version int NOT NULL DEFAULT 1
);
