"""The routes of search: everywhere, and within what is open."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import views
from yizhan.desk.search import Found, said_in_conversation, said_in_tickets
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.seen import readable_ticket, seen_conversation

Asked = Annotated[str, QueryParameter(min_length=1, max_length=200)]
_MOST = 100


class FoundList(msgspec.Struct):
    items: list[Found]


class SaidList(msgspec.Struct):
    """Messages that say it, oldest first."""

    ids: list[UUID]


@get("/search", guards=[permits(Permission.TICKET_READ)])
async def search(
    services: GivenServices,
    viewer: GivenViewer,
    q: Asked,
    kind: FromQuery[Literal["ticket", "message", "contact"] | None] = None,
    limit: FromQuery[int] = 20,
) -> FoundList:
    async with services.db.read() as tx:
        return FoundList(await services.search.find(tx, viewer, q, kind=kind, count=max(1, min(limit, _MOST))))


@get("/tickets/{ticket_id:uuid}/messages/found", guards=[permits(Permission.TICKET_READ)])
async def find_in_ticket(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, q: Asked) -> SaidList:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        return SaidList(await said_in_tickets(tx, await views.with_merged(tx, ticket_id), q))


@get("/conversations/{conversation_id:uuid}/messages/found", guards=[permits(Permission.TICKET_READ)])
async def find_in_conversation(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, q: Asked
) -> SaidList:
    """Of a conversation that has no ticket yet."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        return SaidList(await said_in_conversation(tx, conversation_id, q))


routes = (search, find_in_ticket, find_in_conversation)
