"""What is told of segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

CHANGED = "segment.changed"
"""Event: somebody came into segments or left them. Subject: the head of his contacts; data: came, left."""
EXPORTED = "segment.exported"
"""Event: a file of members left the house. Subject: a new id; data: segment, members."""
JUDGED = "segment.judged"
"""Event: everybody was looked at by new rules. Subject: a new id; data: release, sizes (by segment)."""

NOBODY = UUID(int=0)
"""Before everybody's id."""


class Standing(msgspec.Struct, frozen=True):
    """How far the counting is."""

    release: int
    digest: str
    walked: UUID | None
    recounting: bool
    recounted_at: datetime | None
    conversation: UUID
    visit: UUID


class Moved(msgspec.Struct, frozen=True):
    """Somebody came into a segment, or left it."""

    person_id: UUID
    segment: str
    came: bool


class Fit(msgspec.Struct, frozen=True):
    """How many people a condition fits, of how many, and some of them."""

    fit: int
    known: int
    some: tuple[UUID, ...] = ()


class Membership(msgspec.Struct, frozen=True):
    segment: str
    since: datetime


class Totals(msgspec.Struct, frozen=True):
    """What people come to. `csat` is of all their ratings, `first_reply_s` of the last 30 days, money in yuan."""

    people: int
    tickets_30d: int
    complaints_30d: int
    open_tickets: int
    csat: float | None
    ratings: int
    first_reply_s: float | None
    replies_30d: int
    spent_365d: float
    buyers_30d: int


class MemberCard(msgspec.Struct, frozen=True):
    """A row of a file: identifiers masked, `facts` by the names of the fields."""

    id: UUID
    name: str
    identifiers: tuple[str, ...]
    facts: dict[str, Any]
