"""Signs of life: when a visitor was last heard of, whether he is in the middle of something just now, and whether his
line has just dropped.

Signals, not facts: they are kept in the memory of each process, told to the others by the bus, and asked when a clock
strikes. A clock that strikes before this process could have heard anybody waits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.bus import Bus
from yizhan.foundation.clock import Clock

TOPIC = "life"
BUSY_FOR = timedelta(seconds=15)  # a visitor's client says that he types every few seconds, or an upload that it runs
LINE_GRACE = timedelta(minutes=3)  # where no document says how long a dropped line is no leaving
_TOLD_EVERY = timedelta(seconds=20)
_BUSY_TOLD_EVERY = timedelta(seconds=4)
_MOST = 50_000


class Sign(msgspec.Struct, frozen=True, omit_defaults=True):
    """`busy`: types or uploads. `dropped`: his last line closed, which is no leaving yet."""

    conversation_id: UUID
    at: datetime
    busy: bool = False
    dropped: bool = False


class LifeSigns:
    def __init__(self, bus: Bus, clock: Clock) -> None:
        self.since = clock.now()
        self._bus = bus
        self._clock = clock
        self._seen = _Latest(_MOST)
        self._busy = _Latest(_MOST)
        self._dropped = _Latest(_MOST)

    def listen(self) -> Callable[[], None]:
        """Hears the other processes from now on; returns what ends it."""
        return self._bus.subscribe(TOPIC, self._heard)

    async def here(self, conversation_id: UUID, *, busy: bool = False) -> None:
        """Cheap enough for every frame: other processes are told now and then only."""
        sign = Sign(conversation_id, self._clock.now(), busy)
        known = (self._busy if busy else self._seen).get(conversation_id)
        pause = _BUSY_TOLD_EVERY if busy else _TOLD_EVERY
        if known is not None and sign.at - known < pause and self._dropped.get(conversation_id) is None:
            return
        await self._tell(sign)

    async def dropped(self, conversation_id: UUID) -> None:
        """His last line closed; the next sign of him says that he is back."""
        await self._tell(Sign(conversation_id, self._clock.now(), dropped=True))

    def seen_since(self, conversation_id: UUID, moment: datetime) -> bool:
        """Signs are kept to about twenty seconds: one that fresh counts although it may be of just before."""
        at = self._seen.get(conversation_id)
        return at is not None and at > moment

    def may_be_busy(self, conversation_id: UUID, now: datetime) -> bool:
        """Types or uploads; also while this process is too young to know."""
        at = self._busy.get(conversation_id)
        return now - self.since < BUSY_FOR or (at is not None and now - at < BUSY_FOR)

    def back_by(self, conversation_id: UUID, grace: timedelta, now: datetime) -> datetime | None:
        """Until when he is given to come back; None where he is here, or away for longer than the grace. This process
        may be too young to know that he dropped."""
        at = self._dropped.get(conversation_id)
        until = max(self.since, at or self.since) + grace
        return until if now < until else None

    async def _tell(self, sign: Sign) -> None:
        self._keep(sign)
        await self._bus.publish(TOPIC, msgspec.json.encode(sign))

    def _heard(self, payload: bytes) -> None:
        self._keep(msgspec.json.decode(payload, type=Sign))

    def _keep(self, sign: Sign) -> None:
        if sign.dropped:
            self._dropped.put(sign.conversation_id, sign.at)
            return
        self._dropped.forget(sign.conversation_id)
        self._seen.put(sign.conversation_id, sign.at)
        if sign.busy:
            self._busy.put(sign.conversation_id, sign.at)


class _Latest:
    """The newest times, bounded: the one silent for longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self._at: OrderedDict[UUID, datetime] = OrderedDict()
        self._most = most

    def get(self, key: UUID) -> datetime | None:
        return self._at.get(key)

    def put(self, key: UUID, at: datetime) -> None:
        known = self._at.pop(key, at)
        self._at[key] = max(known, at)
        if len(self._at) > self._most:
            self._at.popitem(last=False)

    def forget(self, key: UUID) -> None:
        self._at.pop(key, None)
