"""Waiting raises a ticket at its instant, whoever gave it the priority it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.priority import service
from yizhan.desk.priority.faults import PriorityBook
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers

KINDS = frozenset({"ticket.changed"})


def priority_reader(db: Database, clock: Clock, book: PriorityBook) -> Reader:
    """The durable reader `priority`: what a person lowers begins to wait on its new step."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        changed = {e.ticket_id for e in entries if e.ticket_id and "priority" in e.data.get("fields", ())}
        await service.rearm(tx, sorted(changed), book, clock.now())

    return Reader(db, clock, "priority", take, kinds=KINDS)


def register_timers(timers: Timers, book: PriorityBook) -> None:
    async def promote(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.promote(tx, timer.subject, book, now)

    timers.register(service.PROMOTE, promote)
