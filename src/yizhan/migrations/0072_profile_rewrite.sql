-- Everybody's values by another order of sources (owner: desk/precedence); how far that is.
CREATE TABLE profile_rewrite (
  id uuid PRIMARY KEY,
  digest text NOT NULL,                  -- of the order of sources
  state text NOT NULL CHECK (state IN ('running', 'ended', 'replaced')),
  total bigint NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,
  after uuid NOT NULL,                   -- the last contact that was looked at
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX profile_rewrite_latest ON profile_rewrite (created_at DESC);
