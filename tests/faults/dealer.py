"""A process that sequences, triages and deals out work, as `yizhan serve` does, under leases of one second.

python -m tests.faults.dealer DSN [freeze-before-write | freeze-in-write]
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from tests.faults.chance import say
from yizhan.desk.routing import Decision, Router, service
from yizhan.desk.triage import DeadlineNet, triage_reader
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import open_database, pool
from yizhan.foundation.journal import Feed, Sequencer, Wake
from yizhan.foundation.lease import Lease, LeaseLost

LIFE = timedelta(seconds=1)


class Dealer(Router):
    """Says what its lease does; freezes once at the worst instant if asked to."""

    freeze = ""

    async def _write(self, decisions: Sequence[Decision]) -> int:
        if self.freeze == "freeze-before-write":
            self._freeze()
        try:
            given = await super()._write(decisions)
        except LeaseLost:
            say("refused")
            raise
        if given:
            say("gave")
        return given

    def _freeze(self) -> None:
        self.freeze = ""
        say("frozen")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGSTOP)


async def main(dsn: str, freeze: str = "") -> None:
    pool._PATIENCE.update(idle_in_transaction_session_timeout="30s", transaction_timeout="4s")
    db, clock, me = await open_database(dsn), SystemClock(), f"{os.getpid()}:{uuid4()}"
    feed = Feed(db)
    await feed.start()
    triage = triage_reader(db, clock)
    wake = Wake()

    def moved(_: int) -> None:
        feed.wake.ring()
        triage.wake.ring()

    router = Dealer(db, clock, Lease(db, "router", me, LIFE), feed)
    router.freeze = freeze
    if freeze == "freeze-in-write":
        _freeze_inside(router)
    net = DeadlineNet(db, clock)
    sequencer = Sequencer(db, Lease(db, "journal", me, LIFE), wake, moved)
    async with asyncio.TaskGroup() as group:
        for loop in (sequencer.run(), feed.run(), triage.run(), router.run(), net.run(), _tick(wake)):
            group.create_task(loop)
        say("running")
        sys.stdout.flush()


def _freeze_inside(router: Dealer) -> None:
    """Between the check of the lease and the first write of the transaction."""
    give = service.give

    async def frozen_give(*args: object, **named: object) -> object:
        if router.freeze:
            router._freeze()
        return await give(*args, **named)  # type: ignore[arg-type]

    service.give = frozen_give  # type: ignore[assignment]


async def _tick(wake: Wake) -> None:
    """The writers are other processes here: nobody rings."""
    while True:
        await asyncio.sleep(0.02)
        wake.ring()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
