-- How the pairs agreed that the latest run met, without whose they are (owner: desk/resolution).
CREATE TABLE resolution_pattern (
  run_id uuid NOT NULL,
  levels jsonb NOT NULL,                 -- {field: level}
  pairs int NOT NULL,
  PRIMARY KEY (run_id, levels)
);
