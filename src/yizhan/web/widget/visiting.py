"""我的会员码 and 我的预约 in the widget: a code for the counter, and appointments that the visitor changes himself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from msgspec import Meta

from yizhan.desk import counter
from yizhan.desk.counter import Books, CounterAppointment, ShopBook, Slot
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, NotFound, RateLimited
from yizhan.records import appointments
from yizhan.records.appointments import Appointment
from yizhan.records.counter import MARK
from yizhan.web.given import FromPath, FromQuery, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget.door import Guest, bearer_guest
from yizhan.web.widget.saying import known_identity, own_identities


class VisitorCode(msgspec.Struct):
    """`path` draws what is scanned in a square of 29, with the light edge it needs."""

    digits: str
    path: str
    expires_at: datetime
    signed_in: bool


class VisitorAppointment(msgspec.Struct):
    """`open`: he may change it himself."""

    id: UUID
    shop: str
    address: str
    tz: str
    starts_at: datetime
    purpose: str
    state: str
    open: bool


class VisitorAppointments(msgspec.Struct):
    items: list[VisitorAppointment]


class VisitorSlots(msgspec.Struct):
    items: list[Slot]


class VisitorMove(msgspec.Struct):
    starts_at: Annotated[datetime, Meta(tz=True)]


@post("/widget/{key:str}/member-code", opt=PUBLIC, status_code=200)
async def visitor_code(key: FromPath[str], request: AnyRequest, services: GivenServices) -> VisitorCode:
    """A new one each time; the one before counts no more."""
    guest, now = await _guest(services, request, key), services.clock.now()
    async with services.db.transaction() as tx:
        identity = await known_identity(tx, services, guest, now)
        if identity is None:
            raise Conflict("say something first: until then nobody knows you")
        shown = await counter.new_member_code(
            tx, services.vault, identity, signed_in=guest.who.kind == "user", now=now
        )  # fmt: skip
    return VisitorCode(shown.digits, _path_of(MARK + shown.digits), shown.expires_at, shown.signed_in)


def _path_of(text: str) -> str:
    """The QR code as the path of an SVG whose view box is 29 wide: 21 squares and the light edge."""
    import segno  # few customers show a code: not loaded before the first

    rows = segno.make_qr(text, error="m", version=1).matrix_iter(border=4)
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)


@get("/widget/{key:str}/appointments", opt=PUBLIC)
async def visitor_appointments(key: FromPath[str], request: AnyRequest, services: GivenServices) -> VisitorAppointments:
    guest = await bearer_guest(services, request, key)
    async with services.db.read() as tx:
        return await _all(tx, services, guest)


@get("/widget/{key:str}/appointments/{appointment_id:uuid}/slots", opt=PUBLIC)
async def visitor_slots(
    key: FromPath[str], appointment_id: FromPath[UUID], request: AnyRequest, services: GivenServices,
    date: FromQuery[date],
) -> VisitorSlots:  # fmt: skip
    """When else he may come to that shop."""
    guest = await bearer_guest(services, request, key)
    async with services.db.read() as tx:
        own = next((each for each in await _own(tx, guest) if each.id == appointment_id), None)
        if own is None:
            raise NotFound(f"appointment {appointment_id}")
        standing = services.shop_book.of(own.shop)
        taken = await appointments.taken(tx, own.shop, *counter.day_of(standing, date))
    return VisitorSlots([each for each in counter.slots_of(standing, date, taken, services.clock.now()) if each.free])


@post("/widget/{key:str}/appointments/{appointment_id:uuid}/move", opt=PUBLIC, status_code=200)
async def visitor_move(
    key: FromPath[str], appointment_id: FromPath[UUID], data: JSONBody[VisitorMove], request: AnyRequest,
    services: GivenServices,
) -> VisitorAppointments:  # fmt: skip
    guest = await _guest(services, request, key)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        held = await _held(tx, guest, appointment_id, now)
        await counter.change(
            tx, held, held.shop, data.starts_at, _books(services), actor=f"customer:{held.contact_id}", now=now
        )  # fmt: skip
        return await _all(tx, services, guest)


@post("/widget/{key:str}/appointments/{appointment_id:uuid}/cancel", opt=PUBLIC, status_code=200)
async def visitor_cancel(
    key: FromPath[str], appointment_id: FromPath[UUID], request: AnyRequest, services: GivenServices
) -> VisitorAppointments:
    guest = await _guest(services, request, key)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        held = await _held(tx, guest, appointment_id, now)
        await counter.withdraw(tx, held, _books(services), reason="", actor=f"customer:{held.contact_id}", now=now)
        return await _all(tx, services, guest)


async def _guest(services: Services, request: AnyRequest, key: str) -> Guest:
    guest = await bearer_guest(services, request, key)
    wait = services.widgets.messages.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)
    return guest


async def _held(tx: Tx, guest: Guest, appointment_id: UUID, now: datetime) -> Appointment:
    if appointment_id not in {each.id for each in await _own(tx, guest)}:
        raise NotFound(f"appointment {appointment_id}")
    held = await appointments.lock_appointment(tx, appointment_id)
    counter.ensure_customer_may(held, now)
    return held


async def _own(tx: Tx, guest: Guest) -> list[CounterAppointment]:
    return await counter.of_customer(tx, await own_identities(tx, guest))


async def _all(tx: Tx, services: Services, guest: Guest) -> VisitorAppointments:
    now = services.clock.now()
    locale = guest.door.settings.locale
    return VisitorAppointments([_shape(each, services.shop_book, locale, now) for each in await _own(tx, guest)])


def _shape(each: CounterAppointment, shops: ShopBook, locale: str, now: datetime) -> VisitorAppointment:
    standing = shops.shops.get(each.shop)
    english = locale.startswith("en")
    name = each.shop if standing is None else standing.shop.name.en if english else standing.shop.name.zh
    return VisitorAppointment(
        each.id, name, standing.shop.address if standing else "", standing.calendar.tz if standing else "UTC",
        each.starts_at, counter.purpose_in(standing.shop, each.purpose, locale) if standing else each.purpose,
        each.state, standing is not None and each.state == "booked" and now < each.starts_at,
    )  # fmt: skip


def _books(services: Services) -> Books:
    return Books(services.shop_book, services.word_book)


routes = (visitor_code, visitor_appointments, visitor_slots, visitor_move, visitor_cancel)
