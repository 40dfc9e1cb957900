-- name: audit_page(everything, team_ids, brand_ids, viewer_id, kind, subject, actor, agent, contact, conversation, ticket, since, until, before, count)
-- Events within the viewer's scope, newest first.
SELECT e.pos, e.at, e.kind, e.subject, e.subject_version, e.actor, e.on_behalf,
  (SELECT a.name FROM agent a WHERE e.actor = 'agent:' || a.id::text AND e.actor LIKE 'agent:%') AS actor_name,
  e.agent_id, e.contact_id, e.conversation_id, e.ticket_id, e.cause, e.data, e.hash
FROM event e
WHERE ($1::bool OR e.team_id = ANY($2::uuid[]) OR e.brand_id = ANY($3::uuid[]) OR e.agent_id = $4::uuid)
  AND ($5::text IS NULL OR e.kind = $5 OR (right($5, 1) = '.' AND starts_with(e.kind, $5)))
  AND ($6::uuid IS NULL OR e.subject = $6)
  AND ($7::text IS NULL OR e.actor = $7)
  AND ($8::uuid IS NULL OR e.agent_id = $8)
  AND ($9::uuid IS NULL OR e.contact_id = $9)
  AND ($10::uuid IS NULL OR e.conversation_id = $10)
  AND ($11::uuid IS NULL OR e.ticket_id = $11)
  AND ($12::timestamptz IS NULL OR e.at >= $12)
  AND ($13::timestamptz IS NULL OR e.at < $13)
  AND ($14::bigint IS NULL OR e.pos < $14)
ORDER BY e.pos DESC LIMIT $15;
