"""The routes of appointments as they are made and changed from a chat."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import counter as desk
from yizhan.desk.counter import Agreed, Wanted
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import appointments
from yizhan.records.agents import Permission
from yizhan.records.appointments import Appointment
from yizhan.web.call import Call
from yizhan.web.counter.handlers import books_of
from yizhan.web.counter.shapes import (
    AppointmentEnd,
    AppointmentList,
    AppointmentMove,
    AppointmentShape,
    AppointmentWish,
    ShopList,
    ShopShape,
    SlotList,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact, seen_conversation

READ = [permits(Permission.CUSTOMER_READ)]
REPLY = [permits(Permission.MESSAGE_REPLY)]


@get("/shops", guards=REPLY)
async def list_shops(services: GivenServices) -> ShopList:
    """To which customers may be sent."""
    now = services.clock.now()
    return ShopList([ShopShape.of(each, now) for each in services.shop_book.shops.values()])


@get("/shops/{shop:str}/slots", guards=REPLY)
async def shop_slots(shop: FromPath[str], services: GivenServices, date: FromQuery[date]) -> SlotList:
    """When one may come that day, and for how many there is room."""
    standing = services.shop_book.of(shop)
    async with services.db.read() as tx:
        taken = await appointments.taken(tx, shop, *desk.day_of(standing, date))
    return SlotList(date, desk.slots_of(standing, date, taken, services.clock.now()))


@get("/contacts/{contact_id:uuid}/appointments", guards=READ)
async def customer_appointments(
    contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> AppointmentList:
    """Of the whole person: what is to come, and the last ones."""
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        return AppointmentList(await desk.appointments_of(tx, contact_id))


@post("/conversations/{conversation_id:uuid}/appointments", guards=REPLY)
async def book_appointment(
    conversation_id: FromPath[UUID], data: JSONBody[AppointmentWish], call: GivenCall
) -> Response[AppointmentShape]:
    """预约到店: on the shop's list from now on, and told to the customer in the chat."""

    async def verb(tx: Tx) -> AppointmentShape:
        await seen_conversation(tx, call.viewer, conversation_id)
        wanted = Wanted(shop=data.shop, starts_at=data.starts_at, purpose=data.purpose, note=data.note)
        made = await desk.book_from_chat(
            tx, conversation_id, wanted, books_of(call.services), by=call.viewer.agent_id, now=call.now
        )
        return await _shape(tx, made)

    return await call.write(verb, 201)


@post("/appointments/{appointment_id:uuid}/move", guards=REPLY, status_code=200)
async def move_appointment(
    appointment_id: FromPath[UUID], data: JSONBody[AppointmentMove], call: GivenCall
) -> Response[AppointmentShape]:
    async def verb(tx: Tx) -> AppointmentShape:
        held = await _seen(tx, call, appointment_id)
        made = await desk.change(
            tx, held, data.shop, data.starts_at, books_of(call.services), actor=call.actor, now=call.now
        )  # fmt: skip
        return await _shape(tx, made)

    return await call.write(verb)


@post("/appointments/{appointment_id:uuid}/cancel", guards=REPLY, status_code=200)
async def cancel_appointment(
    appointment_id: FromPath[UUID], data: JSONBody[AppointmentEnd], call: GivenCall
) -> Response[AppointmentShape]:
    async def verb(tx: Tx) -> AppointmentShape:
        held = await _seen(tx, call, appointment_id)
        made = await desk.withdraw(
            tx, held, books_of(call.services), reason=data.reason, actor=call.actor, now=call.now
        )  # fmt: skip
        return await _shape(tx, made)

    return await call.write(verb)


async def _shape(tx: Tx, made: Agreed) -> AppointmentShape:
    (row,) = await desk.appointments(tx, [made.appointment.id])
    return AppointmentShape(row, made.told)


async def _seen(tx: Tx, call: Call, appointment_id: UUID) -> Appointment:
    held = await appointments.lock_appointment(tx, appointment_id)
    try:
        await seen_contact(tx, call.viewer, held.contact_id)
    except NotFound:
        raise NotFound(f"appointment {appointment_id}") from None
    return held


routes = (
    list_shops, shop_slots, customer_appointments, book_appointment, move_appointment, cancel_appointment,
)  # fmt: skip
