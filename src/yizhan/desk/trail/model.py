"""What is kept of a visit."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Answer(StrEnum):
    """What became of an invitation; none yet is None."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a visit came from. `ip` is already coarse; `campaign` holds source, medium, name, term, content."""

    ip: str = ""
    language: str = ""
    referrer: str = ""
    user_agent: str = ""
    landing: str = ""
    campaign: dict[str, str] = {}


class WireItem(msgspec.Struct, frozen=True):
    """An item as a browser sends it: nothing in it is to be believed."""

    kind: str
    at: datetime
    url: str = ""
    title: str = ""
    dwell_ms: int = 0
    data: dict[str, Any] = {}


class TrailItem(msgspec.Struct, frozen=True):
    """`kind` is "page", "dwell" (visible time of the page before it) or a Segment event name. `at` is our time."""

    kind: str
    url: str
    title: str
    at: datetime
    dwell_ms: int | None = None
    data: dict[str, Any] = {}


class Product(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str = ""
    price: Decimal | None = None
    quantity: int = 1


class Cart(msgspec.Struct, frozen=True, omit_defaults=True):
    """What lies in the cart as the browser says; orders come from the shop's server, never from here."""

    products: tuple[Product, ...] = ()
    value: Decimal = Decimal(0)
    currency: str = ""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """`visitor` is the blind index of the visitor's id, the same as his identity's."""

    id: UUID
    inbox_id: UUID
    visitor: bytes
    started_at: datetime
    seen_at: datetime
    origin: Origin
    pages: int
    cart: Cart | None


class OnlineVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor on the site now, and the page he looks at."""

    visit: Visit
    url: str
    title: str
    since: datetime


class Trail(msgspec.Struct, frozen=True):
    """The newest visit, newest item first."""

    visit: Visit
    items: tuple[TrailItem, ...]


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """`rule` is the id of the inbox's rule, empty when an agent invited."""

    id: UUID
    inbox_id: UUID
    visitor: bytes
    rule: str
    text: str
    actor: str
    at: datetime
    answer: Answer | None


class InvitationCaps(msgspec.Struct, frozen=True):
    """How often one visitor may be invited by rules; `after_closed` is the peace a refusal buys."""

    per_day: int = 2
    gap: timedelta = timedelta(minutes=30)
    after_closed: timedelta = timedelta(hours=24)
