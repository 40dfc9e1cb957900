-- What the assistant did with each question (owner: desk/reception); the question itself is the message.
CREATE TABLE reception_turn (
  message_id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  at timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('greeted', 'answered', 'suggested', 'missed', 'solved', 'handed', 'left')),
  why text,                              -- of a hand-over: asked, words, complaint, unsolved, failed …
  entry text,                            -- the answer given, or the likeliest
  sure real,
  offered text[] NOT NULL DEFAULT '{}',  -- entries offered to choose from
  rules text NOT NULL                    -- the documents it was decided by
);
CREATE INDEX reception_turn_conversation ON reception_turn (conversation_id);
CREATE INDEX reception_turn_open ON reception_turn (at) WHERE outcome IN ('suggested', 'missed', 'handed', 'left');

-- 机器人优先: a measure of a team like the others, with an end (owner: desk/supervision).
ALTER TABLE measure DROP CONSTRAINT measure_kind_check, DROP CONSTRAINT measure_check;
ALTER TABLE measure
  ADD CONSTRAINT measure_kind_check CHECK (kind IN ('reinforce', 'caps', 'notice', 'bot_first')),
  ADD CONSTRAINT measure_check CHECK (
    (agent_id IS NULL) = (kind IN ('notice', 'bot_first')) AND (text IS NOT NULL) = (kind = 'notice'));
CREATE UNIQUE INDEX measure_bot_once ON measure (team_id) WHERE ended_at IS NULL AND kind = 'bot_first';
