"""Satisfaction at work: a reader of ends, and the timers of mails and of low ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.satisfaction import following, service
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

    return Reader(db, clock, "satisfaction", take, kinds=frozenset({"conversation.ended"}))


def register_timers(timers: Timers, book: SatisfactionBook, types: TypeBook, link: RateLink) -> None:
    async def mail(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.ask_by_mail(tx, timer.subject, book, link, now)

    async def low(tx: Tx, timer: Timer, now: datetime) -> None:
        await following.follow_up(tx, timer.subject, book, types.tree, now)

    timers.register(service.MAIL, mail)
    timers.register(service.LOW, low)
    timers.register(following.DUE, following.remind)
