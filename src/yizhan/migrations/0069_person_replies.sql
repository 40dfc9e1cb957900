-- How long people waited for the first reply, for what a segment comes to (owner: desk/segments). Everybody is counted anew.
ALTER TABLE person_fact
  ADD COLUMN replies_30d int NOT NULL DEFAULT 0,         -- first replies of people in the last 30 days
  ADD COLUMN reply_s_30d bigint NOT NULL DEFAULT 0;      -- the seconds waited for all of them
UPDATE segment_clock SET walked = '00000000-0000-0000-0000-000000000000', recounting = true;
