-- NPS campaigns, the second question about a ticket that took long, channels that count our messages.

-- Where a channel has no window of ours the question is a link in it.
ALTER TABLE survey DROP CONSTRAINT survey_way_check, ADD CONSTRAINT survey_way_check CHECK (way IN ('window', 'mail', 'link'));
ALTER TABLE rating DROP CONSTRAINT rating_way_check, ADD CONSTRAINT rating_way_check CHECK (way IN ('window', 'mail', 'link'));

-- Once more to the ticket (owner: records/ratings): who was asked, and what was said of the whole matter.
CREATE TABLE ticket_survey (
  ticket_id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  conversation_id uuid NOT NULL,        -- in which he was asked
  way text NOT NULL CHECK (way IN ('mail', 'link')),
  took_hours int NOT NULL,
  asked_at timestamptz NOT NULL
);
CREATE INDEX ticket_survey_contact ON ticket_survey (contact_id, asked_at);
CREATE TABLE ticket_rating (
  ticket_id uuid PRIMARY KEY,
  contact_id uuid NOT NULL,
  brand_id uuid NOT NULL,
  team_id uuid,
  owner_id uuid,                        -- 责任人 when it was said; nobody's figure
  conversation_id uuid NOT NULL,
  took_hours int NOT NULL,
  solved bool,
  stars smallint CHECK (stars BETWEEN 1 AND 5),
  tags text[] NOT NULL DEFAULT '{}',
  comment text NOT NULL DEFAULT '',
  given_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  low bool NOT NULL,
  follow_up_id uuid,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX ticket_rating_given ON ticket_rating (given_at DESC);
CREATE INDEX ticket_rating_contact ON ticket_rating (contact_id);

-- NPS 净推荐值 (owner: desk/nps). One run a period of a campaign, with the rules it began with.
CREATE TABLE nps_run (
  id uuid PRIMARY KEY,
  campaign text NOT NULL,
  period text NOT NULL,                 -- the local day it is of
  rules jsonb NOT NULL,                 -- the document: later edits never move a run that began
  source text NOT NULL,
  state text NOT NULL CHECK (state IN ('gathering', 'asking', 'answering', 'closed', 'stopped')),
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  ask_until timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,         -- nothing is done before
  cursor uuid NOT NULL,                 -- the last conversation looked at
  considered int NOT NULL DEFAULT 0,    -- people
  spared jsonb NOT NULL DEFAULT '{}',   -- how many were not asked, by reason
  ended_at timestamptz,
  version int NOT NULL DEFAULT 1,
  UNIQUE (campaign, period)
);
CREATE TABLE nps_invitation (
  id uuid PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES nps_run ON DELETE CASCADE,
  person_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  identity_id uuid NOT NULL,            -- where he is asked
  conversation_id uuid NOT NULL,        -- his newest there
  brand_id uuid NOT NULL,
  team_id uuid,
  channel text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'answered', 'spared', 'unsubscribed')),
  why text,                             -- why he was spared after all
  message_id uuid,
  declined bool NOT NULL DEFAULT false, -- closed in his window: not shown again
  asked_at timestamptz,
  score smallint CHECK (score BETWEEN 0 AND 10),
  comment text NOT NULL DEFAULT '',
  given_at timestamptz,
  changed_at timestamptz,
  follow_up_id uuid,
  version int NOT NULL DEFAULT 1,
  UNIQUE (run_id, person_id),
  CHECK ((score IS NULL) = (given_at IS NULL))
);
CREATE INDEX nps_invitation_waiting ON nps_invitation (run_id, channel, id) WHERE state = 'waiting';
CREATE INDEX nps_invitation_asked ON nps_invitation (contact_id, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX nps_invitation_visitor ON nps_invitation (identity_id) WHERE channel = 'webchat' AND state IN ('waiting', 'asked');
CREATE INDEX nps_invitation_given ON nps_invitation (run_id, given_at DESC) WHERE given_at IS NOT NULL;
