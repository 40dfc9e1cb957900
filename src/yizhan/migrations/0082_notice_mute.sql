-- Kinds of notices that somebody reads when he looks, and does not want to be told of (owner: desk/notices).
CREATE TABLE notice_mute (
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 60),
  PRIMARY KEY (agent_id, why)
);
