"""Promises at work: a reader of answers and ends, and the timers set when a promise was given."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk.promises import service
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timers

KINDS = frozenset({"message.sent", "ticket.moved"})


def promise_reader(db: Database, clock: Clock) -> Reader:
    """The durable reader `promises`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await service.hear(tx, entries)

    return Reader(db, clock, "promises", take, kinds=KINDS)


def register_timers(timers: Timers) -> None:
    timers.register(service.REMIND, service.remind)
    timers.register(service.DUE, service.fall_due)
    timers.register(service.LEAD, service.tell_lead)
