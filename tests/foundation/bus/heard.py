"""A subscriber that tests can wait for."""

import asyncio

SECONDS = 10.0


class Heard(list[bytes]):
    """Collects payloads; `until` returns as soon as there are enough."""

    def __init__(self) -> None:
        super().__init__()
        self._came = asyncio.Event()

    def __call__(self, payload: bytes) -> None:
        self.append(payload)
        self._came.set()

    async def until(self, count: int, seconds: float = SECONDS) -> list[bytes]:
        async with asyncio.timeout(seconds):
            while len(self) < count:
                self._came.clear()
                await self._came.wait()
        return list(self)
