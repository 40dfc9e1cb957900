-- 满意度 (owner: records/ratings). `conversation.rating` stays as what lists and threads show of a rating.

-- Who was asked, once a conversation; an invitation of an agent is kept also where the customer was spared.
CREATE TABLE survey (
  conversation_id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  way text NOT NULL CHECK (way IN ('window', 'mail')),
  asked_at timestamptz,                 -- null: invited, but not asked
  invited_by uuid,
  invited_at timestamptz,
  skipped text,                         -- why he was spared; agents never see it
  CHECK (asked_at IS NOT NULL OR invited_at IS NOT NULL)
);
CREATE INDEX survey_contact ON survey (contact_id, asked_at) WHERE asked_at IS NOT NULL;

CREATE TABLE rating (
  conversation_id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  inbox_id uuid NOT NULL,
  ticket_id uuid,
  agent_id uuid,                        -- who served most turns: his rating
  others uuid[] NOT NULL DEFAULT '{}',  -- who served too
  solved bool,
  stars smallint CHECK (stars BETWEEN 1 AND 5),
  tags text[] NOT NULL DEFAULT '{}',
  comment text NOT NULL DEFAULT '',
  way text NOT NULL CHECK (way IN ('window', 'mail')),
  given_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  low bool NOT NULL DEFAULT false,
  follow_up_id uuid,                    -- the ticket by which somebody else asks what went wrong
  excluded bool NOT NULL DEFAULT false, -- not the agent's; the business figure keeps it
  version int NOT NULL DEFAULT 1
);
CREATE INDEX rating_agent ON rating (agent_id, given_at DESC);
CREATE INDEX rating_low ON rating (given_at DESC) WHERE low;
CREATE INDEX rating_contact ON rating (contact_id);

INSERT INTO rating (conversation_id, contact_id, brand_id, team_id, inbox_id, ticket_id, agent_id, solved, stars, tags,
                    comment, way, given_at, changed_at, low)
SELECT id, contact_id, brand_id, team_id, inbox_id, ticket_id, agent_id, (rating->>'solved')::bool,
       (rating->>'stars')::smallint,
       coalesce(ARRAY(SELECT jsonb_array_elements_text(coalesce(nullif(rating->'tags', 'null'), '[]'::jsonb))), '{}'),
       coalesce(rating->>'comment', ''), 'window', coalesce(ended_at, last_message_at), coalesce(ended_at, last_message_at),
       coalesce((rating->>'stars')::int <= 2, false) OR coalesce((rating->>'solved')::bool = false, false)
FROM conversation WHERE rating IS NOT NULL;

-- 差评申诉: once a rating.
CREATE TABLE rating_appeal (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL UNIQUE REFERENCES rating (conversation_id),
  agent_id uuid NOT NULL,
  cause text NOT NULL CHECK (cause IN ('person', 'process', 'product', 'logistics', 'malicious')),
  words text NOT NULL,
  made_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
  decided_by uuid,
  decided_at timestamptz,
  decision text
);
CREATE INDEX rating_appeal_open ON rating_appeal (made_at) WHERE state = 'open';

-- 我的数据 (owner: desk/figures), kept by a reader of the journal. A row a conversation and agent who had it.
CREATE TABLE agent_spell (
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  day date NOT NULL,                    -- of the house's time zone, when he got it
  given_at timestamptz NOT NULL,
  first_reply_s int,                    -- from when he had it and the customer waited
  turns int NOT NULL DEFAULT 0,         -- answers to a waiting customer
  waited_s bigint NOT NULL DEFAULT 0,   -- what they waited together
  replies int NOT NULL DEFAULT 0,
  left_at timestamptz,                  -- handed on or ended
  handed_on bool NOT NULL DEFAULT false,
  ended bool NOT NULL DEFAULT false,    -- with him
  solved bool,
  stars smallint,
  rated bool NOT NULL DEFAULT false,
  excluded bool NOT NULL DEFAULT false,
  asked bool NOT NULL DEFAULT false,
  repeated bool NOT NULL DEFAULT false, -- the customer came back with it
  ticket_id uuid,
  PRIMARY KEY (conversation_id, agent_id)
);
CREATE INDEX agent_spell_day ON agent_spell (agent_id, day);
CREATE INDEX agent_spell_ticket ON agent_spell (ticket_id) WHERE ended;

CREATE TABLE agent_day (
  agent_id uuid NOT NULL,
  day date NOT NULL,
  served int NOT NULL,
  first_replies int NOT NULL,
  first_reply_s bigint NOT NULL,
  turns int NOT NULL,
  waited_s bigint NOT NULL,
  ended int NOT NULL,
  length_s bigint NOT NULL,
  handed_on int NOT NULL,
  repeated int NOT NULL,
  asked int NOT NULL,
  rated int NOT NULL,
  starred int NOT NULL,
  stars int NOT NULL,
  judged int NOT NULL,                  -- said whether it was solved
  solved int NOT NULL,
  excluded int NOT NULL,
  PRIMARY KEY (agent_id, day)
);
