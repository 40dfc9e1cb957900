"""Satisfaction at work: a reader of ends, and the timers of mails and of low ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.satisfaction import following, matters, service
from yizhan.desk.satisfaction.rules import SatisfactionBook
from yizhan.desk.satisfaction.service import RateLink
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.config import TypeBook


def satisfaction_reader(db: Database, clock: Clock, book: SatisfactionBook) -> Reader:
    """The durable reader `satisfaction`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        ended = dict.fromkeys(e.subject for e in entries if e.kind == "conversation.ended")
        await service.hear_ends(tx, list(ended), book, clock.now())
        done = {e.ticket_id for e in entries if e.ticket_id is not None and e.data.get("to") == "done"}
        await matters.hear_done(tx, done, book, clock.now())

    return Reader(db, clock, "satisfaction", take, kinds=frozenset({"conversation.ended", "ticket.moved"}))


def register_timers(
    timers: Timers, book: SatisfactionBook, types: TypeBook, link: RateLink, ticket_link: RateLink
) -> None:
    async def mail(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.ask_by_mail(tx, timer.subject, book, link, now)

    async def low(tx: Tx, timer: Timer, now: datetime) -> None:
        await following.follow_up(tx, timer.subject, book, types.tree, now)

    async def matter(tx: Tx, timer: Timer, now: datetime) -> None:
        await matters.ask(tx, timer.subject, str(timer.data["done"]), book, ticket_link, now)

    async def low_matter(tx: Tx, timer: Timer, now: datetime) -> None:
        await matters.follow_up(tx, timer.subject, book, types.tree, now)

    async def due_matter(tx: Tx, timer: Timer, now: datetime) -> None:
        await matters.remind(tx, timer, now)

    timers.register(matters.ASK, matter)
    timers.register(matters.LOW, low_matter)
    timers.register(matters.DUE, due_matter)
    timers.register(service.MAIL, mail)
    timers.register(service.LOW, low)
    timers.register(following.DUE, following.remind)
