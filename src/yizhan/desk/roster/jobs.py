"""The roster's timers, and the reader that follows what people say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.roster import breaks, night, service, store, wrapping
from yizhan.desk.roster.rules import RosterBook, roster_book
from yizhan.desk.roster.wrapping import AfterCalls
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers
from yizhan.records.rosters import BEGAN

KINDS = frozenset({"agent.presence"})


def roster_reader(
    db: Database, clock: Clock, book: RosterBook | None = None, after_calls: AfterCalls = lambda team: None
) -> Reader:
    """The durable reader `roster`; ring its `wake` after the journal moved."""
    rules = book or roster_book()

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        for entry in entries:
            await _hear(tx, entry, rules, clock.now(), after_calls)

    return Reader(db, clock, "roster", take, kinds=KINDS)


async def _hear(tx: Tx, entry: Entry, book: RosterBook, now: datetime, after_calls: AfterCalls) -> None:
    was, is_ = entry.data.get("from"), entry.data.get("to")
    if was == is_:
        return
    agent = entry.subject
    if is_ == "offline":
        await breaks.leave_line(tx, agent, now=now, by="roster", book=book)
    if was == "offline":
        await night.answered(tx, agent, now)
    if was == "break":
        for team in await store.teams_of(tx, agent):
            await breaks.offer_next(tx, team, now, book)
    if is_ == "wrapup":
        await wrapping.count_wrap_up(tx, agent, entry.at, book, after_calls)


def register_timers(timers: Timers, book: RosterBook | None = None) -> None:
    rules = book or roster_book()

    async def begin(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.begin(tx, timer, rules, now)

    async def offer_over(tx: Tx, timer: Timer, now: datetime) -> None:
        await breaks.offer_over(tx, timer, now, rules)

    async def call_again(tx: Tx, timer: Timer, now: datetime) -> None:
        await night.call_again(tx, timer, rules, now)

    timers.register(BEGAN, begin)
    timers.register(service.WIND_DOWN, service.wind_down)
    timers.register(service.ENDED, service.end)
    timers.register(breaks.OFFER, offer_over)
    timers.register(wrapping.WRAP_UP, wrapping.back_online)
    timers.register(night.CALL_AGAIN, call_again)
