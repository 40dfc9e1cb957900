"""Notices at work: one durable reader, of the few kinds that are to reach somebody."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk.notices import ringing, service
from yizhan.desk.notices.model import RAISED, SETTLED
from yizhan.desk.notices.policy import TROUBLES
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import set_timers

KINDS = frozenset({RAISED, SETTLED, *TROUBLES})


def notice_reader(db: Database, clock: Clock) -> Reader:
    """The durable reader `notices`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        now = clock.now()
        await service.keep(tx, entries, now)
        await service.settle(tx, entries, now)
        await service.tell_troubles(tx, entries, now)
        await set_timers(tx, ringing.next_rings(entries))

    return Reader(db, clock, "notices", take, kinds=KINDS)
