"""The routes of priority."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post

from yizhan.desk import priority, views, words
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.priority.shapes import (
    PreviewRequest,
    PreviewRow,
    PreviewShape,
    PriorityShape,
    decision_shape,
    rule_shapes,
)
from yizhan.web.seen import seen_ticket


@get("/tickets/{ticket_id:uuid}/priority", guards=[permits(Permission.TICKET_READ)])
async def ticket_priority(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> PriorityShape:
    """Every decision about it, with the rules that held."""
    async with services.db.read() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        decisions = await priority.decisions_of(tx, ticket_id)
        waits = await priority.waits(tx, ticket_id)
    following = priority.next_promotion(waits, services.priority_book)
    return PriorityShape(
        waits.priority if waits else 2, [decision_shape(each) for each in decisions],
        following[0] if following else None, following[1] if following else None,
    )  # fmt: skip


@post("/priority/preview", guards=[permits(Permission.CONFIG_MANAGE)], status_code=200)
async def preview_priority(
    data: JSONBody[PreviewRequest], services: GivenServices, viewer: GivenViewer
) -> PreviewShape:
    """试算: which open tickets these rules would judge otherwise. Nothing is changed."""
    document = priority.PRIORITY_RULES.decode(data.body)
    async with services.db.read() as tx:
        judged, changed = await priority.preview(
            tx, viewer, document, services.priority_book, services.triage_book, now=services.clock.now(),
            words=words.WordListener(services.word_book), types=services.type_book.tree,
        )  # fmt: skip
        rows = {row.id: row for row in await views.ticket_rows(tx, [each.ticket_id for each in changed])}
    return PreviewShape(judged, [
        PreviewRow(
            each.ticket_id, row.number, row.subject, row.contact_name, row.priority, each.before.priority,
            each.after.priority, rule_shapes(list(each.after.matched)),
        ) for each in changed if (row := rows.get(each.ticket_id)) is not None
    ])  # fmt: skip


routes = (ticket_priority, preview_priority)
