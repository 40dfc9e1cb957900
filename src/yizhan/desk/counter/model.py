"""What is seen of a customer at a counter, and of a shop's day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Slot(msgspec.Struct, frozen=True):
    """`free` more may come at this time."""

    at: datetime
    free: int


class ShownCode(msgspec.Struct, frozen=True):
    """What a customer's telephone shows; `signed_in` tells whether it also proves who he is."""

    digits: str
    expires_at: datetime
    signed_in: bool


class ShownIdentity(msgspec.Struct, frozen=True):
    kind: str
    masked: str
    verified: bool


class CounterTicket(msgspec.Struct, frozen=True):
    """`subject` None: it waits for 核身."""

    id: UUID
    number: int
    subject: str | None
    type: str
    status: str
    created_at: datetime


class Owed(msgspec.Struct, frozen=True):
    """A promise; `text` None waits for 核身."""

    text: str | None
    kind: str
    due: datetime
    late: bool


class CounterOrder(msgspec.Struct, frozen=True):
    """`lines` and `total_fen` None wait for 核身."""

    number: str
    status: str
    placed_at: datetime
    currency: str
    total_fen: int | None
    lines: list[str] | None


class CounterVisit(msgspec.Struct, frozen=True):
    id: UUID
    shop: str
    at: datetime
    purpose: str
    note: str
    by: str
    name: str


class CounterAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """`note` is for the shop; `by` who passed it on."""

    id: UUID
    shop: str
    starts_at: datetime
    purpose: str
    note: str
    state: str
    contact_id: UUID
    name: str
    level: int
    by: str
    conversation_id: UUID | None
    reason: str | None
    version: int


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a counter sees him. `masked`: details wait for 核身; `orders` None are kept back altogether."""

    contact_id: UUID
    name: str
    level: int
    known_since: datetime
    masked: bool
    identities: list[ShownIdentity]
    open: int
    tickets: list[CounterTicket]
    promises: list[Owed]
    order_count: int
    orders: list[CounterOrder] | None
    visits: list[CounterVisit]
    appointments: list[CounterAppointment]


Row = dict[str, Any]
