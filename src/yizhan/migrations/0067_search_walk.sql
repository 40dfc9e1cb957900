-- A walk through what was indexed before the index knew more of it (owner: desk/search). Names that came before they were
-- also found by their sound are written anew, some at a time.
CREATE TABLE search_walk (
  what text PRIMARY KEY,
  after uuid NOT NULL,
  upto uuid NOT NULL                     -- what came later is indexed as it is today
);
INSERT INTO search_walk SELECT 'names', '00000000-0000-0000-0000-000000000000', c.id FROM contact c ORDER BY c.id DESC LIMIT 1;
