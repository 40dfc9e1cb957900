"""The clocks at work: a reader of the journal sets them, the timers strike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.clocks import service, store
from yizhan.desk.clocks.rules import ClockBook, clock_book
from yizhan.desk.clocks.signs import LifeSigns
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import TypeBook

KINDS = frozenset({
    "message.sent", "ticket.moved", "conversation.rated", "conversation.started", "conversation.requeued",
})  # fmt: skip
_WAITING = ("conversation.started", "conversation.requeued")
_FINAL = ("done", "cancelled")


def clock_reader(db: Database, clock: Clock, book: ClockBook | None = None) -> Reader:
    """The durable reader `clocks`; ring its `wake` after the journal moved."""
    rules = book or clock_book()

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await set_clocks(tx, entries, rules, now=clock.now())

    return Reader(db, clock, "clocks", take, kinds=KINDS)


def register_timers(
    timers: Timers, book: ClockBook | None = None, signs: LifeSigns | None = None, types: TypeBook | None = None
) -> None:
    """`signs` are asked before a customer counts as silent or gone."""
    rules, known = book or clock_book(), types or TypeBook()

    async def silence(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.silence(tx, timer.subject, timer.data, rules, now, signs, types=known.tree)

    async def confirm(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.confirm(tx, timer.subject, timer.data, now)

    async def left(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.gone(tx, timer.subject, timer.data, now, signs)

    async def rated(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.rated(tx, timer.subject, timer.data, now)

    async def queue(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.wait_line(tx, timer.subject, str(timer.data["code"]), now)

    timers.register(service.QUEUE, queue)
    timers.register(service.RATED, rated)
    timers.register(service.SILENCE, silence)
    timers.register(service.CONFIRM, confirm)
    timers.register(service.LEFT, left)


async def set_clocks(tx: Tx, entries: Sequence[Entry], book: ClockBook, *, now: datetime) -> None:
    spoken = [e.conversation_id for e in entries if e.kind == "message.sent" and e.data.get("human", True)]
    for c in await store.silent(tx, [i for i in spoken if i]):
        await service.count_silence(tx, c, book)
    for q in await store.queued(tx, [e.conversation_id for e in entries if e.kind in _WAITING and e.conversation_id]):
        await service.count_wait(tx, q, book)
    moved = {e.ticket_id: e.data.get("to") for e in entries if e.kind == "ticket.moved" and e.ticket_id}
    for p in await store.pending(tx, [t for t, to in moved.items() if to == "pending"]):
        await service.await_consent(tx, p, book)
    closed = [t for t, to in moved.items() if to in _FINAL]
    if closed:
        await service.end_with_tickets(tx, closed, now)
    for e in entries:
        if e.kind == "conversation.rated" and e.conversation_id and e.ticket_id:
            await service.hear_rating(
                tx, e.ticket_id, e.conversation_id, stars=e.data.get("stars"), solved=e.data.get("solved"),
                actor=e.actor, now=now,
            )  # fmt: skip
