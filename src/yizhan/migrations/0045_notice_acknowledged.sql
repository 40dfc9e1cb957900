-- A call 呼叫 asks somebody to say that he has it (owner: desk/notices). Nobody named: the matter was seen to meanwhile.
ALTER TABLE notice ADD COLUMN acknowledged_at timestamptz, ADD COLUMN acknowledged_by uuid;
CREATE INDEX notice_call ON notice (topic) WHERE how = 'call';
