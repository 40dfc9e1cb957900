-- Live metrics 实时监控 (owner: desk/metrics): what was counted from the journal up to a position, kept now and then so
-- that a start need not count anew. It can be thrown away at any time: it is a function of the journal.
CREATE TABLE metrics_kept (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  pos bigint NOT NULL,
  epoch int NOT NULL,
  v int NOT NULL,                        -- of the shape of `state`
  state bytea NOT NULL,
  at timestamptz NOT NULL
);
