"""Service levels at work: a reader of the journal keeps the targets, timers strike at their instants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from yizhan.desk.sla import service
from yizhan.desk.sla.calls import CALL, ring_of
from yizhan.desk.sla.ledger import KINDS
from yizhan.desk.sla.library import Library
from yizhan.desk.sla.steps import take_step
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import Published

_NEAR = timedelta(seconds=2)
_COMMITTED_SECONDS = 0.05


def sla_reader(
    db: Database, clock: Clock, published: Callable[[], Published], wake: Callable[[], None] | None = None
) -> Reader:
    """The durable reader `sla`; ring its `wake` after the journal moved. `wake` is that of the timers."""
    library = Library(published)

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        now = clock.now()
        following = await service.follow(tx, entries, library, now=now)
        if wake is not None and following is not None and following - now < _NEAR:
            # The timers look once a second; what is nearer they are told of, once this is committed.
            asyncio.get_running_loop().call_later(_COMMITTED_SECONDS, wake)

    return Reader(db, clock, service.READER, take, kinds=KINDS)


def register_timers(timers: Timers, published: Callable[[], Published]) -> None:
    library = Library(published)

    async def due(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.strike(tx, timer.subject, library, now=now)

    async def step(tx: Tx, timer: Timer, now: datetime) -> None:
        await take_step(tx, timer.subject, int(str(timer.data["step"])), library, now=now)

    async def ring(tx: Tx, timer: Timer, now: datetime) -> None:
        await take_step(tx, timer.subject, int(str(timer.data["step"])), library, now=now, ring=ring_of(timer))

    timers.register(service.DUE, due)
    timers.register(CALL, ring)
    timers.register(service.STEP, step)
