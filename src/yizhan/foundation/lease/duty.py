"""Work that belongs to whoever holds a lease: begun when it comes, broken off when it goes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from yizhan.foundation.lease.lease import Lease

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0


async def while_held(lease: Lease, work: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled. `work` may still be in the middle of a transaction when another takes over: it must be such
    that this does no harm, by a row lock of its own or by `lease.check`. What it raises is raised here."""
    async with lease:
        while True:
            await lease.acquired()
            task = asyncio.ensure_future(work())
            try:
                while lease.held and not task.done():
                    await asyncio.wait({task}, timeout=_LOOK_SECONDS)
                if task.done():
                    await task
                    return
                _log.warning("lease %s went, what hung on it stops", lease.name)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
