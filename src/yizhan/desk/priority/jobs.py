"""Waiting raises a ticket at its instant, whoever gave it the priority it has; other rules rank what waits anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.priority import reranking, service
from yizhan.desk.priority.faults import PRIORITY_RULES, PriorityBook
from yizhan.desk.priority.reranking import Reranking
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import RELEASED

KINDS = frozenset({"ticket.changed", RELEASED})


def priority_reader(db: Database, clock: Clock, book: PriorityBook) -> Reader:
    """The durable reader `priority`: what a person lowers begins to wait on its new step."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        for e in entries:
            if e.kind == RELEASED and any(kind == PRIORITY_RULES.name for kind, *_ in e.data["documents"]):
                await reranking.hear_release(tx, int(e.data["number"]), clock.now())
        changed = {e.ticket_id for e in entries if e.ticket_id and "priority" in e.data.get("fields", ())}
        await service.rearm(tx, sorted(changed), book, clock.now())

    return Reader(db, clock, "priority", take, kinds=KINDS)


def register_timers(timers: Timers, book: PriorityBook, by: Reranking | None = None) -> None:
    """Without `by` what waits stays as it was judged."""

    async def promote(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.promote(tx, timer.subject, book, now)

    timers.register(service.PROMOTE, promote)

    async def release(tx: Tx, timer: Timer, now: datetime) -> None:
        if by is not None:
            await reranking.take_up(tx, timer, by, now)

    async def rerank(tx: Tx, timer: Timer, now: datetime) -> None:
        if by is not None:
            await reranking.turn_page(tx, timer, by, now)

    timers.register(reranking.RELEASE, release)
    timers.register(reranking.CAMPAIGN, reranking.begin)
    timers.register(reranking.RERANK, rerank)
