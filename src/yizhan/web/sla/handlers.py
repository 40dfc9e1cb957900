"""The routes of service levels."""

from __future__ import annotations

from uuid import UUID

from litestar import get

from yizhan.desk import sla, views
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.seen import readable_ticket
from yizhan.web.sla.shapes import SlaShape, target_shape

READ = [permits(Permission.TICKET_READ)]


@get("/tickets/{ticket_id:uuid}/sla", guards=READ)
async def ticket_sla(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> SlaShape:
    """Every promise about the ticket and those merged into it, oldest first, each with its reasons."""
    now = services.clock.now()
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        targets = await sla.targets_of(tx, await views.with_merged(tx, ticket_id))
        return SlaShape([target_shape(each) for each in await sla.explain(tx, targets, sla.Versions(), now=now)])


routes = (ticket_sla,)
