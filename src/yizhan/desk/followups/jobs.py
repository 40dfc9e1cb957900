"""Follow-ups at work: a reader of the journal, and the timers it and 下次跟进 set."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk.followups import service
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timers
from yizhan.records.tickets import FOLLOW_UP

KINDS = frozenset({"message.received", "message.noted", "ticket.moved", "ticket.assigned", "ticket.chased"})


def followup_reader(db: Database, clock: Clock) -> Reader:
    """The durable reader `followups`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await service.hear(tx, entries, clock.now())

    return Reader(db, clock, "followups", take, kinds=KINDS)


def register_timers(timers: Timers) -> None:
    timers.register(FOLLOW_UP, service.follow_up)
    timers.register(service.CHASED, service.chased_by_customer)
    timers.register(service.ANSWERED, service.answered)
