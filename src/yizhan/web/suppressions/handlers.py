"""The routes of suppressed addresses: by conversation for who writes to it, all of them for who keeps the inboxes."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get

from yizhan.desk import outbound, views
from yizhan.foundation.db import Tx
from yizhan.records import outbox
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation
from yizhan.web.suppressions.shapes import SuppressionList, suppression_shape

_PAGE = 50


@get("/conversations/{conversation_id:uuid}/suppressions", guards=[permits(Permission.TICKET_READ)])
async def suppressions_of_conversation(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> SuppressionList:
    """Why the customer's address in this conversation is not written to; empty where nothing stands against it."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        identity = await _identity(tx, conversation_id)
        return SuppressionList([suppression_shape(one) for one in await outbox.suppressions_of(tx, identity)])


@delete(
    "/conversations/{conversation_id:uuid}/suppressions", guards=[permits(Permission.MESSAGE_REPLY)], status_code=204
)
async def allow_address(conversation_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """The address may be written to again; what was refused is sent again by `retry`."""

    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        identity = await _identity(tx, conversation_id)
        await outbound.allow_identity(tx, identity, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@get("/suppressions", guards=[permits(Permission.INBOX_MANAGE)])
async def list_suppressions(services: GivenServices, after: FromQuery[UUID | None] = None) -> SuppressionList:
    """The newest first."""
    async with services.db.read() as tx:
        found = await outbox.suppressions(tx, after, _PAGE)
    return SuppressionList([suppression_shape(one) for one in found], found[-1].id if len(found) == _PAGE else None)


@delete("/suppressions/{suppression_id:uuid}", guards=[permits(Permission.INBOX_MANAGE)], status_code=204)
async def lift_suppression(suppression_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await outbound.allow(tx, suppression_id, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


async def _identity(tx: Tx, conversation_id: UUID) -> UUID:
    (row,) = await views.conversation_rows(tx, [conversation_id])
    return row.identity_id


routes = (suppressions_of_conversation, allow_address, list_suppressions, lift_suppression)
