"""What source systems tell of customers, and what becomes of each row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.records.contacts import Identifier
from yizhan.records.orders import OrderLine, Tracking
from yizhan.records.profiles import Value

CHANGED = "profile.changed"
"""Event. Subject: the contact; data: source, fields (keys)."""
ORDERED = "order.changed"
"""Event. Subject: the order; data: source, status, was (None for a new one)."""


class ProfileIn(msgspec.Struct, frozen=True, kw_only=True):
    """One customer as a source has him. `at` is when it last changed there; without it, now.

    One of the kind `external` is his number in that source; without any, his first identifier stands for it. A field
    of None takes back what the source said; one that is not named stays.
    """

    identifiers: tuple[Identifier, ...]
    fields: Mapping[str, Value] = {}
    name: str | None = None
    level: Value = None
    at: datetime | None = None


class OrderIn(msgspec.Struct, frozen=True, kw_only=True):
    """One purchase. `brand` is the key of a business line; an older `at` never overwrites a newer one."""

    number: str
    identifiers: tuple[Identifier, ...]
    status: str
    total_fen: int
    placed_at: datetime
    currency: str = "CNY"
    lines: tuple[OrderLine, ...] = ()
    address: str | None = None
    tracking: Tracking | None = None
    at: datetime | None = None
    brand: str | None = None
    url: str = ""


class Did(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"
    REFUSED = "refused"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong in a row: the path of the value, and a sentence."""

    field: str
    message: str


class Outcome(msgspec.Struct, frozen=True):
    """`contact_id` is None for a row that was refused; its problems say why, all of them at once."""

    did: Did
    contact_id: UUID | None = None
    problems: tuple[Problem, ...] = ()
