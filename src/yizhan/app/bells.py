"""Doorbells between processes: the journal was written to, the journal moved on. A poll is the net under each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from yizhan.app.pump import Pump, follow
from yizhan.foundation.bus import Bus, LocalBus, NatsBus
from yizhan.foundation.journal import Wake, ring_after_commit
from yizhan.foundation.lease import Lease

if TYPE_CHECKING:
    from yizhan.app.house import House

Topic = Literal["journal.written", "journal.moved"]

_PAUSE = 0.002  # all that ring meanwhile are one signal
_NET_SECONDS = 60.0


class Bell:
    """Rung here, heard in every other process; whoever rings knows it himself."""

    def __init__(self, bus: Bus, topic: Topic, me: str) -> None:
        self._bus = bus
        self._topic = topic
        self._me = me.encode()
        self._rung = Wake()

    def ring(self) -> None:
        self._rung.ring()

    def heard(self, act: Callable[[], None]) -> None:
        def hear(ringer: bytes) -> None:
            if ringer != self._me:
                act()

        self._bus.subscribe(self._topic, hear)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if await self._rung.wait(_NET_SECONDS):
                await self._bus.publish(self._topic, self._me)
                await asyncio.sleep(_PAUSE)


def join_bells(house: House, journal: Lease, moved: Bell) -> None:
    """Whoever writes rings for the sequencer, wherever it is; its process rings for everybody, or sends the entries."""
    if isinstance(house.bus, LocalBus):
        ring_after_commit(house.db, house.wake.ring)
        return
    written = Bell(house.bus, "journal.written", house.holder)

    def wrote() -> None:
        house.wake.ring()
        if not journal.held:
            written.ring()

    ring_after_commit(house.db, wrote)
    written.heard(house.wake.ring)
    house.loops.append(written.run())
    if isinstance(house.bus, NatsBus):
        Pump(house.bus, house.feed, journal)
        follow(house.bus, house.feed, journal)
    else:
        moved.heard(house.moved)
        house.loops.append(moved.run())
