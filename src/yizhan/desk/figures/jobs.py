"""Figures at work: a reader of the journal. Begun again at zero over empty tables, it counts the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from yizhan.desk.figures import policy, store
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader

Zone = Callable[[], ZoneInfo]


def figures_reader(db: Database, clock: Clock, zone: Zone) -> Reader:
    """The durable reader `figures`; four statements a batch. Nobody waits for it."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await hear(tx, entries, zone())

    return Reader(db, clock, "figures", take, kinds=policy.KINDS)


async def hear(tx: Tx, entries: Sequence[Entry], zone: ZoneInfo) -> None:
    changes, returned = policy.fold(entries)
    await store.count_days(tx, await store.keep(tx, changes, returned, zone))
