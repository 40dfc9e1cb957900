"""Gives committed events their place. One at a time in the whole product, under the lease `journal`.

Reading by insertion number alone loses rows that commit late; reading by transaction id mixes up the order of one
subject. Here a row gets its place only after it is committed, in the order its writers held the subject's lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.journal.store import SQL
from yizhan.foundation.journal.wake import Wake
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_BATCH = 2000
_LONGEST_PAUSE = 0.06


class Sequencer:
    """Drains `event_new` into `event`; `moved` is called after each commit that moved something."""

    def __init__(self, db: Database, lease: Lease, wake: Wake, moved: Callable[[int], None]) -> None:
        self._db = db
        self._lease = lease
        self._wake = wake
        self._moved = moved

    async def drain(self) -> int:
        """Moves everything that is committed now; returns how many events."""
        total = 0
        while True:
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                row = await tx.fetchrow(SQL.sequence, 0, _BATCH)
            count = row["moved"] if row else 0
            if row and count:
                total += count
                self._moved(row["pos"])
            if count < _BATCH:
                return total

    async def run(self) -> None:
        """Until cancelled. A lost lease stands by and takes over again when it is free; a lost server is waited for."""
        loop = asyncio.get_running_loop()
        async with self._lease:
            while True:
                await self._lease.acquired()
                began = loop.time()
                try:
                    await self.drain()
                except LeaseLost:
                    log.warning("journal.lease_lost")
                    continue
                except DATABASE_TROUBLE as error:  # nothing is lost: what was committed still waits in event_new
                    log.error("journal.drain_failed", error=repr(error))
                # In a rush the next drain takes more: it costs nearly the same for one batch and for three.
                await asyncio.sleep(min(_LONGEST_PAUSE, 3 * (loop.time() - began)))
                await self._wake.wait(net=1.0)
