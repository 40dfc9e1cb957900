"""A doorbell: many may ring, the one who waits wakes once, and a poll is the net under it."""

from __future__ import annotations

import asyncio


class Wake:
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, net: float) -> bool:
        """Waits for a ring, at most `net` seconds; true when it rang."""
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the ring.
        try:
            async with asyncio.timeout(net):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
