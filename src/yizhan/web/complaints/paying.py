"""The routes of 补偿: asking, deciding, the ledger of a person, and what waits for one's approval."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import views
from yizhan.desk.complaints import paying
from yizhan.desk.verification import Act
from yizhan.foundation.db import Tx
from yizhan.records import compensations
from yizhan.records.agents import Permission
from yizhan.records.compensations import Compensation, PayKind, Wish
from yizhan.web.call import Call
from yizhan.web.complaints import reading
from yizhan.web.complaints.reading import acting
from yizhan.web.complaints.shapes import (
    ApprovalsShape,
    CompensationShape,
    LedgerShape,
    RemedyDecisionRequest,
    WishRequest,
)
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact, seen_ticket
from yizhan.web.verification import ensure_verified

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]


@get("/contacts/{contact_id:uuid}/compensations", guards=READ)
async def ledger_of_contact(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> LedgerShape:
    """Everything that was asked for the person behind a contact, the newest first."""
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        return await reading.ledger(tx, viewer, services.complaint_rules.now, contact_id)


@post("/tickets/{ticket_id:uuid}/compensations", guards=WRITE)
async def pay_compensation(
    ticket_id: FromPath[UUID], data: JSONBody[WishRequest], call: GivenCall
) -> Response[CompensationShape]:
    """Within one's own limit it is granted at once; above it waits for who may. The same matter is not paid twice."""

    async def verb(tx: Tx) -> CompensationShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        contact_id = await _customer(tx, ticket_id)
        if data.kind is PayKind.REFUND:
            await ensure_verified(tx, call, contact_id, Act.REFUND)
        wish = Wish(
            ticket_id=ticket_id, contact_id=contact_id, kind=data.kind, fen=data.fen, reason=data.reason,
            order_no=data.order_no, addition=data.addition,
        )  # fmt: skip
        book = call.services.complaint_rules.now
        made = await paying.pay(tx, wish, book, agent_id=call.viewer.agent_id, by=acting(call), now=call.now)
        return await _shape(tx, made)

    return await call.write(verb, 201)


@post("/compensations/{compensation_id:uuid}/decide", guards=WRITE, status_code=200)
async def decide_compensation(
    compensation_id: FromPath[UUID], data: JSONBody[RemedyDecisionRequest], call: GivenCall
) -> Response[CompensationShape]:
    """By somebody else, whose own limit covers all that the matter costs."""

    async def verb(tx: Tx) -> CompensationShape:
        await _seen(tx, call, compensation_id)
        made = await paying.decide(
            tx, compensation_id, data.approve, call.services.complaint_rules.now, text=data.text,
            agent_id=call.viewer.agent_id, by=acting(call), now=call.now,
        )  # fmt: skip
        return await _shape(tx, made)

    return await call.write(verb)


@post("/compensations/{compensation_id:uuid}/withdraw", guards=WRITE, status_code=200)
async def withdraw_compensation(compensation_id: FromPath[UUID], call: GivenCall) -> Response[CompensationShape]:
    async def verb(tx: Tx) -> CompensationShape:
        await _seen(tx, call, compensation_id)
        made = await paying.withdraw(
            tx, compensation_id, agent_id=call.viewer.agent_id, by=acting(call), now=call.now
        )  # fmt: skip
        return await _shape(tx, made)

    return await call.write(verb)


@get("/approvals", guards=READ)
async def my_approvals(services: GivenServices, viewer: GivenViewer) -> ApprovalsShape:
    """Payments and replies that wait for this viewer's decision, the oldest first."""
    async with services.db.read() as tx:
        return await reading.approvals(tx, viewer, services.complaint_rules.now)


async def _customer(tx: Tx, ticket_id: UUID) -> UUID:
    (row,) = await views.ticket_rows(tx, [ticket_id])
    return row.contact_id


async def _seen(tx: Tx, call: Call, compensation_id: UUID) -> None:
    await seen_ticket(tx, call.viewer, await compensations.ticket_of(tx, compensation_id))


async def _shape(tx: Tx, made: Compensation) -> CompensationShape:
    return (await reading.compensation_shapes(tx, [made]))[0]


routes = (ledger_of_contact, pay_compensation, decide_compensation, withdraw_compensation, my_approvals)
