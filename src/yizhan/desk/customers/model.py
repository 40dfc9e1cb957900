"""What the list of customers shows, and the entries of one customer's timeline."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

Place = tuple[datetime, UUID]
"""Of an entry in the order of the timeline, whatever source it came from."""


class Sort(StrEnum):
    RECENT = "recent"  # who spoke with us last
    NEW = "new"  # whom we know for the shortest time


class Matched(StrEnum):
    """Why a customer was found."""

    IDENTITY = "identity"
    CLAIM = "claim"  # he gave it as his, and nothing proves it
    ORDER = "order"
    TICKET = "ticket"
    TAG = "tag"
    NAME = "name"


class Wanted(msgspec.Struct, frozen=True):
    """What customers on a list have; None asks nothing. `open`: a matter that is not over."""

    tag: str | None = None
    level: int | None = None
    open: bool = False


ANYBODY = Wanted()


class CustomerRow(msgspec.Struct, frozen=True):
    """A person. Figures count what the viewer may see. `claimed` he gave as his, and nothing proves it; news of one of
    `contacts`, the newest of those he is known by, is news of him. `masked`: he was found by the number of an order,
    which proves nothing yet of whoever said it."""

    id: UUID
    name: str
    level: int
    created_at: datetime
    identities: list[str]
    last_contact: datetime | None
    channel: str | None
    open: int
    orders: int
    tags: list[str]
    claimed: list[str]
    contacts: list[UUID]
    matched: Matched | None = None
    masked: bool = False


class CustomerPage(msgspec.Struct, frozen=True):
    """`after` is where the next page begins; a page may be short and yet not be the last."""

    items: list[CustomerRow]
    after: UUID | None


class EntryKind(StrEnum):
    MESSAGE = "message"
    CONVERSATION = "conversation"
    CALL = "call"
    TICKET = "ticket"
    ORDER = "order"
    VISIT = "visit"
    RATING = "rating"
    NOTE = "note"
    SHOP = "shop"  # 到店, and appointments for it
    ACTION = "action"  # follow, scan, menu …: what he did on a channel besides writing


EVERYTHING = frozenset(EntryKind) - {EntryKind.CONVERSATION}
"""What a timeline shows unless asked otherwise: its messages tell of each conversation already."""
IN_SHORT = frozenset(EntryKind) - {EntryKind.MESSAGE}
"""What stands beside a conversation: one line each."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`title` and `detail` are what people wrote, `status` a word of ours: a direction, a state, a note's action.

    `code` and `parts` are of a note that is a sentence of ours; one about the customer himself has the status `remark`.
    `facts`: stars, money in fen, pages, files.
    """

    id: UUID
    at: datetime
    kind: EntryKind
    title: str = ""
    detail: str = ""
    status: str | None = None
    channel: str | None = None
    by: str | None = None
    ticket_id: UUID | None = None
    conversation_id: UUID | None = None
    code: str | None = None
    parts: dict[str, str] | None = None
    facts: dict[str, Any] = {}


class Spent(msgspec.Struct, frozen=True):
    currency: str
    fen: int


class Figures(msgspec.Struct, frozen=True):
    """`hour` is of the house's clock. Both preferences are of the last two hundred conversations. `spent_masked`: some
    of his orders may not be told before 核身, and their money is not in `spent`."""

    tickets: int
    open: int
    conversations: int
    last_contact: datetime | None
    csat: float | None
    ratings: int
    orders: int
    spent: list[Spent]
    spent_masked: bool
    last_order: datetime | None
    channel: str | None
    hour: int | None


class ProfileField(msgspec.Struct, frozen=True):
    """A field as everybody who sees the customer reads it; personal ones are masked. `value` of a choice is its key."""

    key: str
    zh: str
    en: str
    type: str
    value: Any
    label_zh: str | None
    label_en: str | None
    personal: bool
    contact_id: UUID
    source: str | None
    since: datetime | None
