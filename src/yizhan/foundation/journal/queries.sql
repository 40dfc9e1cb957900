-- name: emit(at, kind, v, subject, subject_version, brand, team, agent, contact, conversation, ticket, actor, on_behalf, request, cause, depth, data)
-- Appends events in the order of the arrays; the caller holds the subjects' row locks.
INSERT INTO event_new (at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id,
                       conversation_id, ticket_id, actor, on_behalf, request, cause, depth, data)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::smallint[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[],
                     $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::uuid[],
                     $15::bigint[], $16::smallint[], $17::jsonb[]);

-- name: emit_alike(at, kind, v, subject_version, actor, data, contacts)
-- Appends the same event of many contacts, in their order.
INSERT INTO event_new (at, kind, v, subject, subject_version, contact_id, actor, depth, data)
SELECT $1, $2, $3::smallint, c, $4::int, c, $5, 0, $6 FROM unnest($7::uuid[]) c;

-- name: sequence(from_seq, most)
-- Moves committed events into the journal in seq order, gives each its dense position and chains its hash.
SELECT moved, last_seq, pos FROM journal_sequence($1, $2);

-- name: oldest_new()
-- Lowest number not yet moved, to catch rows committed late under a long snapshot.
SELECT min(seq) FROM event_new;

-- name: head()
-- Where the journal ends.
SELECT epoch, pos FROM journal_head;

-- name: entries_after(pos, most)
-- The next entries of the journal.
SELECT pos, seq, at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
       ticket_id, actor, on_behalf, request, cause, depth, data
FROM event WHERE pos > $1 ORDER BY pos LIMIT $2;

-- name: reader_start(reader, pos)
-- Creates a reader's place the first time.
INSERT INTO reader_position (reader, pos) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: reader_lock(reader)
-- A reader's place, locked so that two holders cannot both commit an effect.
SELECT pos FROM reader_position WHERE reader = $1 FOR UPDATE;

-- name: entries_of_kinds(pos, upto, kinds)
-- What a reader wants of a stretch of the journal.
SELECT pos, seq, at, kind, v, subject, subject_version, brand_id, team_id, agent_id, contact_id, conversation_id,
       ticket_id, actor, on_behalf, request, cause, depth, data
FROM event WHERE pos > $1 AND pos <= $2 AND kind = ANY ($3) ORDER BY pos;

-- name: reader_at(reader)
-- A reader's place, and where the journal ends.
SELECT r.pos, h.pos AS head FROM reader_position r CROSS JOIN journal_head h WHERE r.reader = $1;

-- name: reader_move(reader, pos)
-- Commits a reader's place together with its effect.
UPDATE reader_position SET pos = $2 WHERE reader = $1;

-- name: reader_pass(reader, at, upto, noted)
-- Moves a reader on from where it stands, and locks its place; nothing when another process moved it further, or when
-- the server kept less than `noted`. What it passed over since its place was last noted held nothing for it. The commit
-- is not waited for: a server that crashes in that moment loses place and effect together, and both come again.
UPDATE reader_position SET pos = $3 WHERE reader = $1 AND pos <= $2 AND pos >= $4
RETURNING pos, set_config('synchronous_commit', 'off', true);

-- name: hold(reader, pos, error, tries, at)
-- Puts an event aside that a reader could not take after several tries.
INSERT INTO reader_hold (reader, pos, error, tries, held_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (reader, pos) DO UPDATE SET error = $3, tries = $4, held_at = $5;

-- name: held(reader)
-- The entries put aside.
SELECT e.pos, e.seq, e.at, e.kind, e.v, e.subject, e.subject_version, e.brand_id, e.team_id,
       e.agent_id, e.contact_id, e.conversation_id, e.ticket_id, e.actor, e.on_behalf, e.request, e.cause, e.depth, e.data
FROM reader_hold h JOIN event e USING (pos) WHERE h.reader = $1 ORDER BY h.pos;

-- name: release(reader, pos)
-- A held event is taken after all, by whoever gets here first.
DELETE FROM reader_hold WHERE reader = $1 AND pos = $2 RETURNING pos;

-- name: lags()
-- How far every reader is behind the head, and how many events it has put aside.
SELECT r.reader, h.pos - r.pos AS lag, (SELECT count(*) FROM reader_hold x WHERE x.reader = r.reader) AS held
FROM reader_position r CROSS JOIN journal_head h ORDER BY r.reader;

-- name: first_broken(from_pos, to_pos)
-- The first position whose hash does not follow from the one before it, or that is missing or should not be there.
SELECT journal_first_broken($1, $2);
