"""A bus whose server is away when we start: it costs latency, so the product starts without it and goes on asking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yizhan.foundation.bus.local import Bus
from yizhan.foundation.bus.nats import BusUnreachable
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_RETRY_SECONDS = 2.0


@asynccontextmanager
async def keep_starting(bus: Bus) -> AsyncIterator[None]:
    """Inside the block the bus is started, or will be as soon as its server answers."""
    later: asyncio.Task[None] | None = None
    try:
        await bus.start()
    except BusUnreachable as away:
        log.error("bus.unreachable", error=away.message, meanwhile="signals stay in this process, polls do the rest")
        later = asyncio.create_task(_start_later(bus), name="bus start")
    try:
        yield
    finally:
        if later is not None:
            later.cancel()
            await asyncio.gather(later, return_exceptions=True)


async def _start_later(bus: Bus) -> None:
    while True:
        await asyncio.sleep(_RETRY_SECONDS)
        try:
            await bus.start()
        except BusUnreachable:
            continue
        log.info("bus.reached")
        return
