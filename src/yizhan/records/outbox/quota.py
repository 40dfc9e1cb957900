"""Channels that count what we say: so many messages within so long of the customer's last word, some kept for asking.

The WeChat family works so. An inbox declares it in its settings (`quota_messages`, `quota_hours`); a channel that may
is named in `COUNTED`, so that nothing is asked about the others. What is kept for asking is the satisfaction rules'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records.outbox.store import SQL

COUNTED = frozenset({"generic"})
"""Channels whose inboxes may declare a quota."""


class Quota(msgspec.Struct, frozen=True):
    """`messages` of ours within `window` of the customer's last word; `reserved` of them are for asking only."""

    messages: int
    window: timedelta
    reserved: int = 0


class Room(msgspec.Struct, frozen=True):
    """`left` may still be sent until `until`, `reserved` of them only to ask how it was; `until` None: he is silent
    since ever."""

    left: int
    until: datetime | None
    reserved: int

    @property
    def free(self) -> int:
        """For anything but asking."""
        return max(0, self.left - self.reserved)


class QuotaExhausted(Conflict):
    """The channel lets no more of our messages through before the customer writes."""

    code: ClassVar[str] = "quota_exhausted"


class WindowClosed(Conflict):
    """The customer wrote too long ago for this channel."""

    code: ClassVar[str] = "window_closed"


def room_of(quota: Quota, spoke_at: datetime | None, sent: int, now: datetime) -> Room:
    """`sent` counts what we said since he spoke last."""
    if spoke_at is None:
        return Room(0, None, quota.reserved)
    until = spoke_at + quota.window
    left = max(0, quota.messages - sent) if now < until else 0
    return Room(left, until, min(quota.reserved, left))


def may_send(room: Room, *, rating: bool) -> bool:
    """Asking how it was may take the last one, nothing else may."""
    return (room.left if rating else room.free) > 0


async def rooms(
    tx: Tx, conversations: Sequence[UUID], now: datetime, *, besides: UUID | None = None
) -> dict[UUID, Room]:
    """Of those whose inbox declares a quota; the message `besides` is not counted."""
    rows = await tx.fetch(SQL.quotas, list(conversations), besides) if conversations else []
    return {
        row["id"]: room_of(
            Quota(row["messages"], timedelta(hours=row["hours"]), row["reserved"]), row["spoke_at"], row["sent"], now
        )
        for row in rows
    }


async def is_counted(tx: Tx, conversation_id: UUID, channel: str, now: datetime) -> bool:
    """Whether its inbox declares a quota; asks nothing where the channel counts nothing."""
    return channel in COUNTED and bool(await rooms(tx, [conversation_id], now))


async def has_room(tx: Tx, conversation_id: UUID, channel: str, now: datetime, *, rating: bool = False) -> bool:
    """Whether something automatic may be said; asks nothing where the channel counts nothing."""
    if channel not in COUNTED:
        return True
    room = (await rooms(tx, [conversation_id], now)).get(conversation_id)
    return room is None or may_send(room, rating=rating)


async def ensure_room(
    tx: Tx, conversation_id: UUID, channel: str, now: datetime, *, besides: UUID | None = None, rating: bool = False
) -> None:
    """Raises QuotaExhausted or WindowClosed."""
    if channel not in COUNTED:
        return
    room = (await rooms(tx, [conversation_id], now, besides=besides)).get(conversation_id)
    if room is None or may_send(room, rating=rating):
        return
    if room.until is None or now >= room.until:
        raise WindowClosed("the customer wrote too long ago: this channel lets nothing through until he writes again")
    raise QuotaExhausted("no more messages may be sent on this channel until the customer writes")
