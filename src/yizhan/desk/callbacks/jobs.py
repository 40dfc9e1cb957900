"""Follow-up calls at work: what is done sets a timer, the timer makes the task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.callbacks import service
from yizhan.desk.callbacks.rules import CallbackBook
from yizhan.desk.callbacks.service import DUE
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import TypeBook

__all__ = ["DUE", "callback_reader", "register_timers"]


def callback_reader(db: Database, clock: Clock, book: CallbackBook) -> Reader:
    """The durable reader `callbacks`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        done = {e.ticket_id for e in entries if e.ticket_id is not None and e.data.get("to") == "done"}
        await service.plan(tx, done, book, clock.now())

    return Reader(db, clock, "callbacks", take, kinds=frozenset({"ticket.moved"}))


def register_timers(timers: Timers, book: CallbackBook, types: TypeBook) -> None:
    async def due(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.call(tx, timer.subject, str(timer.data["done"]), book, types.tree, now)

    timers.register(DUE, due)
