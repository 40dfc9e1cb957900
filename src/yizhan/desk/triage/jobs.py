"""Triage at work: a reader of the journal, and the net under it that needs no reader at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.triage import service
from yizhan.desk.triage.book import TriageBook, triage_book
from yizhan.desk.triage.model import Gate, Judge
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.log import get_logger
from yizhan.records.config import TypeBook

log = get_logger(__name__)

KINDS = frozenset({
    "conversation.started", "ticket.created", "ticket.moved", "message.received", "reception.handed",
    "reception.closed",
})  # fmt: skip
_NET_SECONDS = 1.0


def triage_reader(
    db: Database, clock: Clock, book: TriageBook | None = None, types: TypeBook | None = None,
    judges: Sequence[Judge] = (), gate: Gate | None = None,
) -> Reader:  # fmt: skip
    """The durable reader `triage`; ring its `wake` after the journal moved."""
    rules, known = book or triage_book(), types or TypeBook()

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        if gate is not None:
            await gate(tx, entries, clock.now())
        conversation_ids, ticket_ids, later = service.subjects(entries)
        if conversation_ids or ticket_ids or later:
            await service.triage(
                tx, conversation_ids, ticket_ids, rules, later=later, types=known.tree, now=clock.now(), judges=judges
            )

    return Reader(db, clock, "triage", take, kinds=KINDS)


class DeadlineNet:
    """Looks once a second for work whose triage is overdue; any number of processes may look."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def step(self, now: datetime) -> int:
        async with self._db.transaction() as tx:
            late = await service.make_overdue_ready(tx, now=now)
        if late:
            log.warning("triage.late", works=late)
        return late

    async def run(self) -> None:
        while True:
            try:
                await self.step(self._clock.now())
            except DATABASE_TROUBLE as error:
                log.error("triage.net_failed", error=repr(error))
            await asyncio.sleep(_NET_SECONDS)
