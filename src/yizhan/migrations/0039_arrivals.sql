-- Since when somebody is back from 离线, and with how many tickets (owner: records/agents). Who has just come in is not
-- given all that waited; everybody who decides or explains reads the same.
ALTER TABLE presence ADD came_at timestamptz, ADD came_with int NOT NULL DEFAULT 0;
