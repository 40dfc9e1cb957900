"""Service levels at work: a reader of the journal keeps the targets, timers strike at their instants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from yizhan.desk.sla import service
from yizhan.desk.sla.ledger import KINDS
from yizhan.desk.sla.library import Library
from yizhan.desk.sla.steps import take_step
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import Published


def sla_reader(db: Database, clock: Clock, published: Callable[[], Published]) -> Reader:
    """The durable reader `sla`; ring its `wake` after the journal moved."""
    library = Library(published)

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await service.follow(tx, entries, library, now=clock.now())

    return Reader(db, clock, service.READER, take, kinds=KINDS)


def register_timers(timers: Timers, published: Callable[[], Published]) -> None:
    library = Library(published)

    async def due(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.strike(tx, timer.subject, library, now=now)

    async def step(tx: Tx, timer: Timer, now: datetime) -> None:
        await take_step(tx, timer.subject, int(str(timer.data["step"])), library, now=now)

    timers.register(service.DUE, due)
    timers.register(service.STEP, step)
