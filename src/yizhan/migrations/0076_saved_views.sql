-- 视图: a selection of the ticket list kept under a name (owner: desk/saved_views).
CREATE TABLE saved_view (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,  -- whose it is
  team_id uuid REFERENCES team ON DELETE CASCADE,             -- who else has it; null: nobody
  name text NOT NULL,
  base text NOT NULL CHECK (base IN ('mine', 'team', 'unassigned', 'all')),
  tree jsonb NOT NULL,                                        -- a condition
  version int NOT NULL DEFAULT 1
);
CREATE INDEX saved_view_agent ON saved_view (agent_id);
CREATE INDEX saved_view_team ON saved_view (team_id) WHERE team_id IS NOT NULL;

-- In which order somebody has his views, and which one the list opens with (owner: desk/saved_views).
CREATE TABLE saved_view_order (
  agent_id uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
  ids uuid[] NOT NULL,
  opens text NOT NULL                                         -- mine, team, unassigned, all, or the id of a view
);
