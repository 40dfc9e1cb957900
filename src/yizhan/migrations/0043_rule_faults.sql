-- A rule that failed while it was in force (owner: records/config): told once for each release, and counted from then on.
CREATE TABLE rule_fault (
  kind text NOT NULL,
  source text NOT NULL,                  -- the released documents, as decisions keep them
  rule text NOT NULL,                    -- the key of one of its rules, or empty
  error text NOT NULL,                   -- of the first time
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  times bigint NOT NULL,
  PRIMARY KEY (kind, source, rule)
);
