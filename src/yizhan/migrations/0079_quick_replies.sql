-- Quick replies that somebody keeps for himself (owner: desk/quick_replies).
CREATE TABLE own_reply (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  title text NOT NULL CHECK (title <> ''),
  text text NOT NULL CHECK (text <> ''),
  types text[] NOT NULL DEFAULT '{}',
  version int NOT NULL
);
CREATE INDEX own_reply_agent ON own_reply (agent_id);
-- How often a reply was sent, by whom and on which day; the house's by their names, one's own by their ids
-- (owner: desk/quick_replies).
CREATE TABLE reply_use (
  reply text NOT NULL,
  agent_id uuid NOT NULL,
  day date NOT NULL,
  times int NOT NULL,
  PRIMARY KEY (reply, agent_id, day)
);
CREATE INDEX reply_use_day ON reply_use (day);
