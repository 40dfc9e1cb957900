"""为什么在等, 为什么分给他: every decision opened, live and as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import priority, roster, routing, sla, views
from yizhan.desk.routing import Why, WorkKind
from yizhan.desk.sla import State
from yizhan.foundation.db import Tx
from yizhan.records.agents import Permission
from yizhan.records.config import Document, Pick, sources, title_of
from yizhan.web.given import FromPath, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation, seen_ticket
from yizhan.web.services import Services
from yizhan.web.work.why_shapes import ComingShape, DocumentRef, WhyShape, why_shape

Locale = Annotated[Literal["zh-CN", "en"], QueryParameter()]


@get("/work/{kind:str}/{work_id:uuid}/why", guards=[permits(Permission.TICKET_READ)])
async def why_waiting(
    kind: FromPath[Literal["conversation", "ticket"]], work_id: FromPath[UUID], services: GivenServices,
    viewer: GivenViewer, locale: Locale = "zh-CN",
) -> WhyShape:  # fmt: skip
    """Every candidate with what excludes him and what he is compared by, what comes next, and all that was decided."""
    async with services.db.read() as tx:
        seen = seen_ticket if kind == "ticket" else seen_conversation
        await seen(tx, viewer, work_id)
        now = services.clock.now()
        why = await routing.why(
            tx, WorkKind(kind), work_id, now=now, book=services.routing_book,
            duty=await roster.duty(tx, now, services.roster_book), chains=services.overflow(),
        )  # fmt: skip
        names = await routing.names_in(tx, why)
        documents = await _documents(tx, services, why)
        coming = await _of_ticket(tx, services, await _ticket(tx, kind, work_id), now)
    return why_shape(why, names, lambda said: _told(said, documents, locale), coming, locale)


async def _documents(tx: Tx, services: Services, why: Why) -> dict[Pick, Document]:
    said = {why.rules, *(past.explanation.rules for past in why.decided)}
    found = await services.configuration.written(tx, [pick for each in said for pick in sources(each)])
    return {Pick(each.kind, each.name, each.version): each for each in found}


def _told(said: str, documents: dict[Pick, Document], locale: str) -> list[DocumentRef]:
    named = [(pick, documents[pick]) for pick in sources(said) if pick in documents]
    return [DocumentRef(p.kind, p.name, title_of(d, locale == "en"), p.version) for p, d in named]


async def _ticket(tx: Tx, kind: str, work_id: UUID) -> UUID | None:
    if kind == "ticket":
        return work_id
    rows = await views.conversation_rows(tx, [work_id])
    return rows[0].ticket_id if rows else None


async def _of_ticket(tx: Tx, services: Services, ticket_id: UUID | None, now: datetime) -> list[ComingShape]:
    """What waiting does to its priority, and which promises come due."""
    if ticket_id is None:
        return []
    promotion = priority.next_promotion(await priority.waits(tx, ticket_id), services.priority_book)
    coming = [ComingShape("promotion", promotion[0], priority=promotion[1])] if promotion else []
    for target in await sla.targets_of(tx, [ticket_id]):
        if target.state is State.RUNNING and target.due_at is not None and target.due_at > now:
            coming.append(ComingShape("due", target.due_at, target=target.kind))
    return coming
