"""The routes of complaints: the panel of a ticket, the ladder, the end, and the list of those that are open."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from litestar import Response, get, patch, post

from yizhan.desk import complaints as desk
from yizhan.desk import routing, views
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import complaints, tickets
from yizhan.records.agents import Permission
from yizhan.records.complaints import Change, LadderStep
from yizhan.web.call import Call
from yizhan.web.complaints import outside, paying, reading
from yizhan.web.complaints.reading import acting
from yizhan.web.complaints.shapes import (
    ComplaintChange,
    ComplaintCloseRequest,
    EscalateRequest,
    NewComplaint,
    OpenPage,
    OpenRow,
    PanelShape,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_ticket
from yizhan.web.tickets.shapes import WordsRequest, read_cursor, write_cursor

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]
_PAGE = 50


@get("/tickets/{ticket_id:uuid}/complaint", guards=READ)
async def complaint_of_ticket(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> PanelShape:
    """投诉, ledger of what the person was paid, outside cases, holds: all that is to be known before the first word."""
    async with services.db.read() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        return await reading.panel(tx, viewer, services.complaint_rules.now, ticket_id)


@post("/tickets/{ticket_id:uuid}/complaint", guards=WRITE)
async def open_complaint(
    ticket_id: FromPath[UUID], data: JSONBody[NewComplaint], call: GivenCall
) -> Response[PanelShape]:
    async def verb(tx: Tx) -> PanelShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        if ticket.status in tickets.FINAL or ticket.merged_into is not None:
            raise Conflict("the ticket is closed")
        book = call.services.complaint_rules.now
        await desk.begin(
            tx, ticket, book, grade=data.grade, text=data.text, by=acting(call), now=call.now, product=data.product,
            department=data.department, demands=data.demands, typed=True,
        )  # fmt: skip
        return await reading.panel(tx, call.viewer, book, ticket_id)

    return await call.write(verb, 201)


@patch("/complaints/{complaint_id:uuid}", guards=WRITE)
async def change_complaint(
    complaint_id: FromPath[UUID], data: JSONBody[ComplaintChange], call: GivenCall
) -> Response[PanelShape]:
    """A remedy that is written down is the plan. A grade by hand needs words."""

    async def verb(tx: Tx) -> PanelShape:
        await _seen(tx, call, complaint_id)
        ticket, found = await desk.lock(tx, complaint_id)
        if found.version != data.version:
            raise Conflict("the complaint has changed in the meantime; look again")
        text = data.text if isinstance(data.text, str) else ""
        change = Change(
            grade=data.grade, department=data.department, product=data.product, demands=data.demands,
            remedy=data.remedy,
        )  # fmt: skip
        book = call.services.complaint_rules.now
        await desk.regrade(tx, ticket, found, change, book, by=acting(call), now=call.now, text=text, typed=bool(text))
        return await reading.panel(tx, call.viewer, book, ticket.id)

    return await call.write(verb)


@post("/complaints/{complaint_id:uuid}/contacted", guards=WRITE, status_code=200)
async def complaint_contacted(
    complaint_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall
) -> Response[PanelShape]:
    """首次联系 that the product did not see, such as a telephone call."""

    async def verb(tx: Tx) -> PanelShape:
        await _seen(tx, call, complaint_id)
        found = await desk.contacted(tx, complaint_id, text=data.text, by=acting(call), now=call.now)
        return await reading.panel(tx, call.viewer, call.services.complaint_rules.now, found.ticket_id)

    return await call.write(verb)


@post("/complaints/{complaint_id:uuid}/escalate", guards=WRITE, status_code=200)
async def escalate_complaint(
    complaint_id: FromPath[UUID], data: JSONBody[EscalateRequest], call: GivenCall
) -> Response[PanelShape]:
    """组长 → 主管 → 客诉专员 → 法务: whoever stands on the step takes it over, and the ticket goes to him."""

    async def verb(tx: Tx) -> PanelShape:
        await _seen(tx, call, complaint_id)
        book = call.services.complaint_rules.now
        assign = partial(routing.take_matter, book=call.services.routing_book)
        step = LadderStep(data.step) if data.step else None
        found = await desk.escalate(
            tx, complaint_id, book, assign, text=data.text, by=acting(call), now=call.now, step=step
        )  # fmt: skip
        return await reading.panel(tx, call.viewer, book, found.ticket_id)

    return await call.write(verb)


@post("/complaints/{complaint_id:uuid}/close", guards=WRITE, status_code=200)
async def close_complaint(
    complaint_id: FromPath[UUID], data: JSONBody[ComplaintCloseRequest], call: GivenCall
) -> Response[PanelShape]:
    """结案: by the customer's own words, or by who may close complaints, with a reason. The ticket is completed."""

    async def verb(tx: Tx) -> PanelShape:
        await _seen(tx, call, complaint_id)
        found = await desk.close(
            tx, complaint_id, data.by, text=data.text, message_id=data.message_id, by=acting(call), now=call.now,
            may_close=call.viewer.may(Permission.COMPLAINT_CLOSE),
        )  # fmt: skip
        return await reading.panel(tx, call.viewer, call.services.complaint_rules.now, found.ticket_id)

    return await call.write(verb)


@get("/complaints", guards=READ)
async def open_complaints(
    services: GivenServices, viewer: GivenViewer, cursor: FromQuery[str | None] = None
) -> OpenPage:
    """Those that are not over, by the clock that ends first."""
    async with services.db.read() as tx:
        rows = await desk.open_page(tx, viewer, after=read_cursor(cursor), limit=_PAGE)
        found = await complaints.of_tickets(tx, [row[0] for row in rows])
        shapes = {each.id: each for each in await reading.complaint_shapes(tx, found)}
        shown = {row.id: row for row in await views.ticket_rows(tx, [row[0] for row in rows])}
    items = [OpenRow(shapes[id], shown[ticket]) for ticket, id, _ in rows]
    return OpenPage(items, write_cursor(rows[-1][2], rows[-1][1]) if len(rows) == _PAGE else None)


async def _seen(tx: Tx, call: Call, complaint_id: UUID) -> None:
    await seen_ticket(tx, call.viewer, await complaints.ticket_of(tx, complaint_id))


routes = (
    complaint_of_ticket,
    open_complaint,
    change_complaint,
    complaint_contacted,
    escalate_complaint,
    close_complaint,
    open_complaints,
    *paying.routes,
    *outside.routes,
)
