-- What qualifies a ticket beside its status, and what it has to do with others (owner: records/tickets).

ALTER TABLE ticket
  ADD COLUMN waiting_reason text,        -- 等待原因; the first two wait for the customer and pause the promises
  ADD COLUMN next_follow_up timestamptz, -- 下次跟进: then it comes back to the top by itself
  ADD COLUMN chases int NOT NULL DEFAULT 0,
  ADD COLUMN chased_at timestamptz,
  ADD COLUMN parent_id uuid,             -- the ticket of which this is a sub-task
  ADD CONSTRAINT ticket_waiting_reason CHECK (
    waiting_reason IN ('customer_info', 'customer_confirm', 'internal', 'third_party', 'appointment')
    AND (next_follow_up IS NOT NULL OR waiting_reason IN ('customer_info', 'customer_confirm')));
CREATE INDEX ticket_parent ON ticket (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ticket_idle ON ticket (last_message_at, id) WHERE status = 'open' AND merged_into IS NULL;

-- 关注人: who is told what becomes of it.
CREATE TABLE ticket_watcher (
  ticket_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (ticket_id, agent_id)
);
CREATE INDEX ticket_watcher_agent ON ticket_watcher (agent_id, ticket_id);

-- `ticket_id` relates to, duplicates or causes `other_id`.
CREATE TABLE ticket_link (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL,
  other_id uuid NOT NULL CHECK (other_id <> ticket_id),
  kind text NOT NULL CHECK (kind IN ('relates', 'duplicates', 'causes')),
  actor text NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (ticket_id, other_id)
);
CREATE INDEX ticket_link_other ON ticket_link (other_id);
