"""Doorbells between processes: the journal was written to, the journal moved on. A poll is the net under each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from yizhan.foundation.bus import Bus
from yizhan.foundation.journal import Wake

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
