"""Progress at work: a reader of moves and assignments, and the timers by which each step is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.progress import service
from yizhan.desk.progress.model import Step
from yizhan.desk.progress.rules import ProgressBook
from yizhan.desk.words import WordBook
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers

KINDS = frozenset({"ticket.moved", "ticket.assigned"})


def progress_reader(db: Database, clock: Clock, book: ProgressBook) -> Reader:
    """The durable reader `progress`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await service.hear(tx, entries, book, clock.now())

    return Reader(db, clock, "progress", take, kinds=KINDS)


def register_timers(timers: Timers, book: ProgressBook, words: WordBook) -> None:
    async def tell(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.tell(tx, timer.subject, Step(str(timer.data["step"])), book, words, now)

    timers.register(service.TELL, tell)
