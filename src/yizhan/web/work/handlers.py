"""The routes of assignment."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import roster, routing, views
from yizhan.desk.routing import Offer, Receivers, WorkKind
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden
from yizhan.records.agents import Permission
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation, seen_ticket
from yizhan.web.work.shapes import (
    DeclineRequest,
    NoteRequest,
    OfferList,
    OfferShape,
    TransferRequest,
    offer_shape,
)

REPLY = [permits(Permission.MESSAGE_REPLY)]
WRITE = [permits(Permission.TICKET_WRITE)]


@post("/conversations/{conversation_id:uuid}/pull", guards=REPLY, status_code=204)
async def pull_conversation(conversation_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        book = call.services.routing_book
        duty = await roster.duty(tx, call.now, call.services.roster_book)
        await routing.pull(
            tx, WorkKind.CONVERSATION, conversation_id, call.viewer.agent_id, now=call.now, book=book, duty=duty
        )  # fmt: skip

    return await call.write(verb, 204)


@post("/tickets/{ticket_id:uuid}/pull", guards=WRITE, status_code=204)
async def pull_ticket(ticket_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_ticket(tx, call.viewer, ticket_id)
        book = call.services.routing_book
        duty = await roster.duty(tx, call.now, call.services.roster_book)
        await routing.pull(tx, WorkKind.TICKET, ticket_id, call.viewer.agent_id, now=call.now, book=book, duty=duty)

    return await call.write(verb, 204)


@post("/conversations/{conversation_id:uuid}/put-back", guards=REPLY, status_code=204)
async def put_back_conversation(
    conversation_id: FromPath[UUID], data: JSONBody[NoteRequest], call: GivenCall
) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        await routing.put_back(tx, WorkKind.CONVERSATION, conversation_id, note=data.note, by=_by(call), now=call.now)

    return await call.write(verb, 204)


@post("/conversations/{conversation_id:uuid}/transfer", guards=REPLY)
async def transfer_conversation(
    conversation_id: FromPath[UUID], data: JSONBody[TransferRequest], call: GivenCall
) -> Response[OfferShape]:
    async def verb(tx: Tx) -> OfferShape:
        offer = await offer_to(tx, conversation_id, data, call)
        (shape,) = await _shapes(tx, [offer])
        return shape

    return await call.write(verb, 201)


@get("/conversations/{conversation_id:uuid}/receivers", guards=REPLY)
async def transfer_receivers(conversation_id: FromPath[UUID], call: GivenCall) -> Response[Receivers]:
    """Who could take it now, by team and by name, and how long until somebody does; who is not there is not named."""

    async def verb(tx: Tx) -> Receivers:
        await seen_conversation(tx, call.viewer, conversation_id)
        duty = await roster.duty(tx, call.now, call.services.roster_book)
        book = call.services.routing_book
        return await routing.receivers(tx, conversation_id, now=call.now, book=book, duty=duty)

    return await call.write(verb)


@get("/offers", guards=REPLY)
async def my_offers(services: GivenServices, viewer: GivenViewer) -> OfferList:
    async with services.db.read() as tx:
        return OfferList(await _shapes(tx, await routing.offers_for(tx, viewer.agent_id, now=services.clock.now())))


@post("/offers/{offer_id:uuid}/accept", guards=REPLY, status_code=204)
async def accept_offer(offer_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        book, duty = call.services.routing_book, await roster.duty(tx, call.now, call.services.roster_book)
        await routing.accept_offer(tx, offer_id, call.viewer.agent_id, now=call.now, book=book, duty=duty)

    return await call.write(verb, 204)


@post("/offers/{offer_id:uuid}/decline", guards=REPLY, status_code=204)
async def decline_offer(offer_id: FromPath[UUID], data: JSONBody[DeclineRequest], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await routing.decline_offer(tx, offer_id, call.viewer.agent_id, reason=data.reason, now=call.now)

    return await call.write(verb, 204)


@post("/tickets/{ticket_id:uuid}/assign", guards=WRITE, status_code=204)
async def assign_ticket(ticket_id: FromPath[UUID], data: JSONBody[TransferRequest], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_ticket(tx, call.viewer, ticket_id)
        await routing.assign_ticket(
            tx, ticket_id, agent_id=data.agent_id, team_id=data.team_id, note=data.note, by=_by(call), now=call.now,
            book=call.services.routing_book,
        )  # fmt: skip

    return await call.write(verb, 204)


async def offer_to(tx: Tx, conversation_id: UUID, data: TransferRequest, call: Call) -> Offer:
    """转接: offered to whom the request names."""
    owner = await seen_conversation(tx, call.viewer, conversation_id)
    if owner.agent_id != call.viewer.agent_id and not call.viewer.may(Permission.SUPERVISE):
        raise Forbidden("only who serves it, or a supervisor, transfers a conversation")
    await roster.ensure_not_leaving(tx, call.viewer.agent_id, call.now, call.services.roster_book)
    duty = await roster.duty(tx, call.now, call.services.roster_book)
    return await routing.transfer(
        tx, conversation_id, to_agent=data.agent_id, to_team=data.team_id, note=data.note, by=_by(call),
        now=call.now, book=call.services.routing_book, duty=duty,
    )  # fmt: skip


async def _shapes(tx: Tx, offers: list[Offer]) -> list[OfferShape]:
    rows = {r.id: r for r in await views.conversation_rows(tx, [o.work_id for o in offers])}
    return [offer_shape(o, rows[o.work_id]) for o in offers if o.work_id in rows]


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


routes = (
    pull_conversation,
    pull_ticket,
    put_back_conversation,
    transfer_conversation,
    transfer_receivers,
    my_offers,
    accept_offer,
    decline_offer,
    assign_ticket,
)
