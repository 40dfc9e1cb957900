"""Outlets at work: one durable reader of what is raised; `Postman` sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from yizhan.desk import notices
from yizhan.desk.outlets import service
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.records import texts
from yizhan.records.config import Published

_COMMITTED_SECONDS = (0.01, 0.05, 0.15, 0.3, 0.5)


def outlet_reader(
    db: Database, clock: Clock, published: Callable[[], Published], wake: Callable[[], None] | None = None
) -> Reader:
    """The durable reader `outlets`; ring its `wake` after the journal moved. `wake` is that of the postman."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await service.note_reports(tx, [e for e in entries if e.kind == texts.REPORTED], clock.now())
        raised = [e for e in entries if e.kind == notices.RAISED]
        if await service.put_out(tx, raised, published(), clock.now()) and wake is not None:
            for seconds in _COMMITTED_SECONDS:  # he looks once a second; this is told to him once it is committed
                asyncio.get_running_loop().call_later(seconds, wake)

    return Reader(db, clock, "outlets", take, kinds=frozenset({notices.RAISED, texts.REPORTED}))
