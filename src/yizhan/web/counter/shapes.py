"""What goes over the wire about shops, their counters and appointments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.counter import CounterAppointment, CounterVisit, Glance, ShopWords, Slot, StandingShop

Instant = Annotated[datetime, Meta(tz=True)]
ShopKey = Annotated[str, Meta(min_length=1, max_length=80)]
Purpose = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
VisitNote = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00]*$")]
ShopNote = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]


class ShopShape(msgspec.Struct, frozen=True):
    """`today` is the day it is where the shop stands."""

    key: str
    name: ShopWords
    address: str
    phone: str
    tz: str
    today: date
    open: bool
    days_ahead: int
    purposes: list[ShopWords]

    @classmethod
    def of(cls, standing: StandingShop, now: datetime) -> ShopShape:
        shop, calendar = standing.shop, standing.calendar
        return cls(
            standing.key, shop.name, shop.address, shop.phone, calendar.tz, calendar.local_date(now),
            calendar.is_open(now), shop.days_ahead, list(shop.purposes),
        )  # fmt: skip


class ShopList(msgspec.Struct):
    items: list[ShopShape]


class ShopDay(msgspec.Struct):
    date: date
    appointments: list[CounterAppointment]
    visits: list[CounterVisit]


class SlotList(msgspec.Struct):
    date: date
    items: list[Slot]


class MeetingWish(msgspec.Struct):
    """Either what was scanned or typed, or the appointment somebody says is his."""

    shop: ShopKey
    text: Annotated[str, Meta(min_length=1, max_length=320, pattern=r"^[^\x00]*$")] | None = None
    appointment_id: UUID | None = None


class MeetingShape(msgspec.Struct, frozen=True):
    """`how` he was known; `full` whether who asks may open the customer's own page."""

    id: UUID
    shop: str
    how: str
    verified: bool
    until: datetime
    appointment_id: UUID | None
    full: bool
    visit: CounterVisitMade | None
    customer: Glance


class CounterVisitMade(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime
    purpose: str
    note: str
    ticket_id: UUID | None


class VisitTicket(msgspec.Struct):
    """`text` is what the desk should know."""

    subject: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    text: Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class VisitWish(msgspec.Struct):
    purpose: Purpose
    note: VisitNote = ""
    ticket: VisitTicket | None = None


class AppointmentWish(msgspec.Struct):
    shop: ShopKey
    starts_at: Instant
    purpose: Purpose
    note: ShopNote = ""


class AppointmentMove(msgspec.Struct):
    shop: ShopKey
    starts_at: Instant


class AppointmentEnd(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] = ""


class AppointmentShape(msgspec.Struct):
    """`told`: the customer reads it in his conversation."""

    appointment: CounterAppointment
    told: bool = True


class AppointmentList(msgspec.Struct):
    items: list[CounterAppointment]
