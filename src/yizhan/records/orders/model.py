"""A purchase as a source system tells it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Fen = Annotated[int, Meta(ge=0, le=10**13)]
MOST_PARCEL_EVENTS = 100


class OrderStatus(StrEnum):
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class OrderLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sku: Text
    title: Text
    count: Count = 1
    price_fen: Fen = 0


class ParcelState(StrEnum):
    PENDING = "pending"  # the carrier does not have it yet
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AT_PICKUP = "at_pickup"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"


class ParcelEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a parcel's track, in the carrier's words."""

    at: datetime
    text: Text
    place: Text = ""


class Tracking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`events` in whatever order they were told."""

    carrier: Text = ""
    number: Text = ""
    arrives_on: date | None = None
    state: ParcelState | None = None
    events: tuple[ParcelEvent, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """What of an order has no column of its own. `url` is the shop's page of it, which its buyer may open."""

    lines: tuple[OrderLine, ...] = ()
    tracking: Tracking | None = None
    url: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`address_sealed` opens with the contact's own key, bound to the order's id. `changed_at` is the source's time."""

    id: UUID
    brand_id: UUID | None
    source: str
    number: str
    identity_id: UUID
    contact_id: UUID
    status: OrderStatus
    total_fen: int
    currency: str
    placed_at: datetime
    changed_at: datetime
    document: Document
    address_sealed: bytes | None
    digest: bytes
    version: int


class KnownOrder(msgspec.Struct, frozen=True):
    """What decides whether a row is taken."""

    id: UUID
    number: str
    contact_id: UUID
    status: str
    changed_at: datetime
    digest: bytes
    version: int
