"""The routes of whoever stands at a counter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import counter as desk
from yizhan.desk.counter import Books, StandingShop
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound, RateLimited
from yizhan.records import appointments, tickets
from yizhan.records import counter as records
from yizhan.records.agents import Permission, Viewer
from yizhan.records.config import UNSORTED
from yizhan.records.counter import Encounter, NewVisit
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.counter.shapes import (
    AppointmentShape,
    CounterVisitMade,
    MeetingShape,
    MeetingWish,
    ShopDay,
    ShopList,
    ShopShape,
    VisitTicket,
    VisitWish,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.services import Services

SERVE = [permits(Permission.COUNTER_SERVE)]
CHANNEL = "counter"
_NORMAL = 2


def books_of(services: Services) -> Books:
    return Books(services.shop_book, services.word_book)


@get("/counter", guards=SERVE)
async def counter_shops(services: GivenServices, viewer: GivenViewer) -> ShopList:
    """At whose counters one may stand."""
    now = services.clock.now()
    return ShopList([ShopShape.of(each, now) for each in services.shop_book.served_by(viewer)])


@get("/counter/day", guards=SERVE)
async def counter_day(
    services: GivenServices, viewer: GivenViewer, shop: FromQuery[str], date: FromQuery[date | None] = None
) -> ShopDay:
    """Who is expected that day, and who came."""
    standing = _standing(services, viewer, shop)
    day = date or standing.calendar.local_date(services.clock.now())
    span = desk.day_of(standing, day)
    async with services.db.read() as tx:
        expected = await appointments.of_shop(tx, shop, *span)
        return ShopDay(
            day, await desk.appointments(tx, [each.id for each in expected]), await desk.visits_of_shop(tx, shop, span)
        )


@post("/counter/meetings", guards=SERVE)
async def meet_customer(data: JSONBody[MeetingWish], call: GivenCall) -> Response[MeetingShape]:
    """A customer stands there: by his member code, his card, his number, or his appointment."""
    standing = _standing(call.services, call.viewer, data.shop)
    wait = call.services.counter_tries.take(str(call.viewer.agent_id))
    if wait:
        raise RateLimited(wait)

    async def verb(tx: Tx) -> MeetingShape:
        return await _shape(tx, call.services, call.viewer, await _met(tx, call, standing, data))

    return await call.write(verb, 201)


async def _met(tx: Tx, call: Call, standing: StandingShop, wish: MeetingWish) -> Encounter:
    agent, now = call.viewer.agent_id, call.now
    if wish.appointment_id is not None:
        return await desk.greet_by_appointment(tx, standing, wish.appointment_id, agent_id=agent, now=now)
    if wish.text is None:
        raise Invalid("scan a code or type a number", "text")
    services = call.services
    book = services.verification_book
    return await desk.greet(tx, services.vault, standing, wish.text, book, agent_id=agent, now=now)


@get("/counter/meetings/{meeting_id:uuid}", guards=SERVE)
async def open_meeting(meeting_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> MeetingShape:
    async with services.db.read() as tx:
        of = await records.open_encounter(tx, meeting_id, viewer.agent_id, services.clock.now())
        return await _shape(tx, services, viewer, of)


@post("/counter/meetings/{meeting_id:uuid}/visit", guards=SERVE)
async def log_counter_visit(
    meeting_id: FromPath[UUID], data: JSONBody[VisitWish], call: GivenCall
) -> Response[MeetingShape]:
    """到店登记: what he came for; his appointment of today is kept with it, and a ticket goes to the desk if asked."""

    async def verb(tx: Tx) -> MeetingShape:
        of = await records.open_encounter(tx, meeting_id, call.viewer.agent_id, call.now)
        standing = call.services.shop_book.of(of.shop)
        kept = await desk.appointment_kept(tx, of, standing, now=call.now)
        ticket = await _ticket(tx, call, of, standing, data.ticket) if data.ticket is not None else None
        wish = NewVisit(purpose=data.purpose, note=data.note, ticket_id=ticket, appointment_id=kept)
        await records.log_visit(tx, of, wish, now=call.now)
        return await _shape(tx, call.services, call.viewer, of)

    return await call.write(verb, 201)


async def _ticket(tx: Tx, call: Call, of: Encounter, standing: StandingShop, wish: VisitTicket) -> UUID:
    """Nobody's yet: triage finds its type, and the router who has it."""
    return await tickets.create_ticket(
        tx, contact_id=of.contact_id, subject=wish.subject, kind=UNSORTED, priority=_NORMAL, channel=CHANNEL,
        text=f"{standing.shop.name.zh}：{wish.text.strip()}", by=By(call.actor), now=call.now,
    )  # fmt: skip


@post("/counter/appointments/{appointment_id:uuid}/miss", guards=SERVE, status_code=200)
async def miss_appointment(appointment_id: FromPath[UUID], call: GivenCall) -> Response[AppointmentShape]:
    """未到店: the customer is asked in the chat whether he wants another time."""

    async def verb(tx: Tx) -> AppointmentShape:
        held = await appointments.lock_appointment(tx, appointment_id)
        _standing(call.services, call.viewer, held.shop)
        await desk.miss(tx, held, books_of(call.services), actor=call.actor, now=call.now)
        (row,) = await desk.appointments(tx, [held.id])
        return AppointmentShape(row)

    return await call.write(verb)


def _standing(services: Services, viewer: Viewer, key: str) -> StandingShop:
    """A shop at which he does not stand does not exist for him."""
    for each in services.shop_book.served_by(viewer):
        if each.key == key:
            return each
    raise NotFound(f"shop {key}")


async def _shape(tx: Tx, services: Services, viewer: Viewer, of: Encounter) -> MeetingShape:
    seen = await desk.glance(tx, of, services.verification_book, services.clock.now())
    visit = await records.visit_of_encounter(tx, of.id)
    made = CounterVisitMade(visit.id, visit.at, visit.purpose, visit.note, visit.ticket_id) if visit else None
    full = viewer.may(Permission.CUSTOMER_READ)
    return MeetingShape(of.id, of.shop, of.how, of.verified, of.until, of.appointment_id, full, made, seen)


routes = (counter_shops, counter_day, meet_customer, open_meeting, log_counter_visit, miss_appointment)
