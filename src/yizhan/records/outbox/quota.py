"""Reply windows 回复窗口: channels that count what we say, so many messages within so long of what the customer did.

Each trigger (a message, a menu tapped, a follow …) opens a window of its own rule. Windows do not add up: what may be
sent is the best of those that are open, and a new trigger of a kind opens its window anew. The rules stand on the
inbox, put there by its channel; what is kept for asking is the satisfaction rules': nothing automatic takes it, but a
person who needs it for his answer does, and then nobody is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import Conflict
from yizhan.records.outbox.store import SQL

UNCOUNTED = frozenset({"webchat", "email"})
"""Channels of our own that count nothing: nothing is asked about them."""

MESSAGE = "message"
"""The trigger that every message of a customer is, unless its channel says otherwise."""


TEMPLATE = "template"
"""The kind of a message that is an approved text: windows do not bind it, and it takes nothing from them."""


class WindowRule(msgspec.Struct, frozen=True):
    """`trigger` opens the window for `seconds`, and for `messages` of ours; None for any number."""

    trigger: str
    seconds: int
    messages: int | None = None


class Opening(msgspec.Struct, frozen=True):
    """A rule and when the customer last did what opens it."""

    rule: WindowRule
    at: datetime

    @property
    def until(self) -> datetime:
        return self.at + timedelta(seconds=self.rule.seconds)


class Room(msgspec.Struct, frozen=True):
    """`left` may still be sent until `until`, None for any number; `reserved` of them by people and to ask how it was.
    `until` None: he has done nothing that lets us write."""

    left: int | None
    until: datetime | None
    reserved: int = 0

    @property
    def free(self) -> int | None:
        """For what is said automatically."""
        return None if self.left is None else max(0, self.left - self.reserved)


class QuotaExhausted(Conflict):
    """The channel lets no more of our messages through before the customer writes."""

    code: ClassVar[str] = "quota_exhausted"


class WindowClosed(Conflict):
    """The customer wrote too long ago for this channel."""

    code: ClassVar[str] = "window_closed"


def room_of(openings: Sequence[Opening], sent: Sequence[datetime], reserved: int, now: datetime) -> Room:
    """`sent` are the moments of what we said since the earliest opening, in any order."""
    if not openings:
        return Room(0, None, reserved)
    best = max((_of_one(each, sent, now) for each in openings), key=_worth)
    return msgspec.structs.replace(best, reserved=reserved if best.left is None else min(reserved, best.left))


def _of_one(opening: Opening, sent: Sequence[datetime], now: datetime) -> Room:
    if now >= opening.until:
        return Room(0, opening.until)
    most = opening.rule.messages
    left = None if most is None else max(0, most - sum(at >= opening.at for at in sent))
    return Room(left, opening.until)


def _worth(room: Room) -> tuple[float, datetime]:
    assert room.until is not None
    return (float("inf") if room.left is None else room.left), room.until


def may_send(room: Room, *, kept: bool) -> bool:
    """`kept`: it may take what is kept for asking, being that question or a person's own words."""
    left = room.left if kept else room.free
    return left is None or left > 0


async def rooms(
    tx: Tx, conversations: Sequence[UUID], now: datetime, *, besides: UUID | None = None
) -> dict[UUID, Room]:
    """Of those whose inbox has rules; the message `besides` is not counted."""
    rows = await tx.fetch(SQL.quotas, list(conversations), besides, now) if conversations else []
    return {row["id"]: _room(row, now) for row in rows}


def _room(row: Record, now: datetime) -> Room:
    said = msgspec.convert(dict(row), _Counted)
    done = {MESSAGE: said.spoke_at, **{each.kind: each.at for each in said.events or []}}
    openings = [Opening(rule, at) for rule in said.windows if (at := done.get(rule.trigger)) is not None]
    return room_of(openings, said.sent or [], said.reserved, now)


class _Done(msgspec.Struct):
    kind: str
    at: datetime


class _Counted(msgspec.Struct):
    windows: list[WindowRule]
    spoke_at: datetime | None
    events: list[_Done] | None
    sent: list[datetime] | None
    reserved: int


async def is_counted(tx: Tx, conversation_id: UUID, channel: str, now: datetime) -> bool:
    """Whether its inbox has rules; asks nothing where the channel counts nothing."""
    return channel not in UNCOUNTED and bool(await rooms(tx, [conversation_id], now))


async def is_public(tx: Tx, conversation_id: UUID, channel: str) -> bool:
    """Whether everybody reads what is said there; channels of our own are private."""
    return channel not in UNCOUNTED and bool(await tx.fetchval(SQL.is_public, conversation_id))


async def has_room(tx: Tx, conversation_id: UUID, channel: str, now: datetime) -> bool:
    """Whether something automatic may be said; asks nothing where the channel counts nothing. Never in public."""
    if channel in UNCOUNTED:
        return True
    if await is_public(tx, conversation_id, channel):
        return False
    room = (await rooms(tx, [conversation_id], now)).get(conversation_id)
    return room is None or may_send(room, kept=False)


async def ensure_room(
    tx: Tx, conversation_id: UUID, channel: str, now: datetime, *, besides: UUID | None = None, kept: bool
) -> None:
    """Raises QuotaExhausted or WindowClosed."""
    if channel in UNCOUNTED:
        return
    room = (await rooms(tx, [conversation_id], now, besides=besides)).get(conversation_id)
    if room is None or may_send(room, kept=kept):
        return
    if room.until is None or now >= room.until:
        raise WindowClosed("the customer wrote too long ago: this channel lets nothing through until he writes again")
    raise QuotaExhausted("no more messages may be sent on this channel until the customer writes")
