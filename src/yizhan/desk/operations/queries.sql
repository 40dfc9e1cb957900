-- name: outbound(now)
-- Replies by state; finished ones of the last day only.
SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'sending') AS sending,
  count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'unknown') AS unknown,
  coalesce(extract(epoch FROM $1::timestamptz - min(next_at) FILTER (WHERE state = 'queued')), 0)::float8 AS overdue_s
FROM outbound WHERE state IN ('queued', 'sending') OR finished_at > $1::timestamptz - interval '1 day';

-- name: lengths()
-- What waits: events committed and not yet sequenced, timers and jobs put aside, jobs to be done, customers who queue.
SELECT (SELECT count(*) FROM event_new) AS unplaced, (SELECT count(*) FROM timer WHERE held) AS timers_held,
  (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')) AS jobs_queued,
  (SELECT count(*) FROM pgqueuer WHERE status = 'failed') AS jobs_held,
  (SELECT count(*) FROM conversation WHERE phase = 'queued' AND live) AS conversations_queued;

-- name: held_events(count)
-- Events that a reader could not take, with what they are.
SELECT h.pos, h.reader, e.kind, h.tries, h.error, h.held_at
FROM reader_hold h JOIN event e USING (pos) ORDER BY h.pos, h.reader LIMIT $1;

-- name: traffic(floor)
-- Of every inbox when it last took in and sent since an id, what waits, what failed, and why the last one did.
WITH said AS (
  SELECT inbox_id, max(at) FILTER (WHERE direction = 'in') AS received_at,
    max(at) FILTER (WHERE direction = 'out' AND delivery IN ('sent', 'delivered', 'read')) AS sent_at
  FROM message WHERE id > $1 GROUP BY inbox_id),
left_over AS (
  SELECT inbox_id, count(*) FILTER (WHERE state IN ('queued', 'sending')) AS waiting,
    count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM outbound WHERE message_id > $1 OR state IN ('queued', 'sending') GROUP BY inbox_id),
wrong AS (
  SELECT DISTINCT ON (inbox_id) inbox_id, error_class, error, coalesce(finished_at, started_at) AS at
  FROM outbound WHERE error_class IS NOT NULL AND state <> 'sent' AND message_id > $1
  ORDER BY inbox_id, coalesce(finished_at, started_at) DESC NULLS LAST)
SELECT x.id AS inbox_id, s.received_at, s.sent_at, coalesce(o.waiting, 0) AS waiting, coalesce(o.failed, 0) AS failed,
  coalesce(o.unknown, 0) AS unknown, w.error_class, w.error AS last_error, w.at AS error_at, r.value AS receiving
FROM inbox x LEFT JOIN said s ON s.inbox_id = x.id LEFT JOIN left_over o ON o.inbox_id = x.id
LEFT JOIN wrong w ON w.inbox_id = x.id
LEFT JOIN inbox_cursor r ON r.inbox_id = x.id AND r.name = 'mail.state' ORDER BY x.id;

-- name: database()
-- The server behind all this.
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
  (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS connections;

-- name: orphans(floor)
-- Rows since an id whose other side is missing: no foreign key can point to a partitioned table.
SELECT (SELECT count(*) FROM message m WHERE m.id >= $1
          AND NOT EXISTS (SELECT FROM conversation v WHERE v.id = m.conversation_id)) AS message_conversation,
  (SELECT count(*) FROM message m WHERE m.id >= $1 AND m.ticket_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM ticket t WHERE t.id = m.ticket_id)) AS message_ticket,
  (SELECT count(*) FROM message m WHERE m.id >= $1
          AND NOT EXISTS (SELECT FROM contact c WHERE c.id = m.contact_id)) AS message_contact,
  (SELECT count(*) FROM outbound o WHERE o.message_id >= $1
          AND NOT EXISTS (SELECT FROM message m WHERE m.id = o.message_id)) AS outbound_message,
  (SELECT count(*) FROM mail_reference r WHERE r.message_id >= $1
          AND NOT EXISTS (SELECT FROM message m WHERE m.id = r.message_id)) AS mail_reference_message,
  (SELECT count(*) FROM search_row s WHERE s.id >= $1 AND s.kind = 'message'
          AND NOT EXISTS (SELECT FROM message m WHERE m.id = s.id)) AS search_row_message;
