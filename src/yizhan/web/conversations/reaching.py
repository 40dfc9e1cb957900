"""Other addresses of the customer, to write to first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
from litestar import Response, get, post

from yizhan.desk import serving
from yizhan.desk.serving import FirstReach
from yizhan.foundation.db import Tx
from yizhan.records.agents import Permission
from yizhan.records.tickets import By
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_ticket
from yizhan.web.services import Services


class ReachList(msgspec.Struct):
    items: list[FirstReach]


class WriteFirst(msgspec.Struct):
    identity_id: UUID
    inbox_id: UUID


class WrittenFirst(msgspec.Struct):
    conversation_id: UUID


@get("/tickets/{ticket_id:uuid}/reaches", guards=[permits(Permission.MESSAGE_REPLY)])
async def ticket_reaches(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> ReachList:
    """Where its customer could be written to first."""
    async with services.db.read() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        return ReachList(await serving.reaches(tx, ticket_id, _may_begin(tx, services), services.clock.now()))


@post("/tickets/{ticket_id:uuid}/reaches", guards=[permits(Permission.MESSAGE_REPLY)])
async def write_first(ticket_id: FromPath[UUID], data: JSONBody[WriteFirst], call: GivenCall) -> Response[WrittenFirst]:
    """The conversation in which the next words go there."""

    async def verb(tx: Tx) -> WrittenFirst:
        await seen_ticket(tx, call.viewer, ticket_id)
        made = await serving.write_first(
            tx, ticket_id, identity_id=data.identity_id, inbox_id=data.inbox_id,
            may_begin=_may_begin(tx, call.services), by=By(call.actor, call.viewer.agent_id), now=call.now,
        )  # fmt: skip
        return WrittenFirst(made)

    return await call.write(verb, 201)


def _may_begin(tx: Tx, services: Services) -> Callable[[UUID], Awaitable[bool]]:
    async def may(inbox_id: UUID) -> bool:
        can = await services.channels.can(tx, inbox_id) if services.channels is not None else None
        return can is not None and can.first

    return may


routes = (ticket_reaches, write_first)
