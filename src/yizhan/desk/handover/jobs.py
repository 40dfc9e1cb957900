"""A while after a shift has ended, or after somebody went offline, what is still in his hands goes to the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.handover import absence, service
from yizhan.desk.roster import RosterBook, roster_book
from yizhan.desk.routing import RoutingBook
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import NewTimer, Timer, Timers, set_timers
from yizhan.records import rosters

SWEEP = "handover.sweep"
KINDS = frozenset({"shift.ended", "agent.presence"})


def handover_reader(db: Database, clock: Clock, book: RosterBook | None = None) -> Reader:
    """The durable reader `handover`; ring its `wake` after the journal moved."""
    rules = book or roster_book()

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await set_timers(tx, [
            NewTimer(e.at + rules.of(None, e.team_id).sweep, SWEEP, e.subject, e.subject_version)
            for e in entries if e.kind == "shift.ended"
        ])  # fmt: skip
        line = {e.subject: _is_away(e) for e in entries if e.kind == "agent.presence"}
        for agent_id, away in line.items():
            await absence.count(tx, agent_id, rules, away=away)

    return Reader(db, clock, "handover", take, kinds=KINDS)


def _is_away(e: Entry) -> bool:
    return e.data.get("to") == "offline" or bool(e.data.get("lost"))


def register_timers(timers: Timers, book: RosterBook | None = None, routing: RoutingBook | None = None) -> None:
    rules = book or roster_book()

    async def sweep(tx: Tx, timer: Timer, now: datetime) -> None:
        shift = await rosters.shift(tx, timer.subject)
        if shift is not None and timer.fits(shift.version):
            minutes = int(rules.of(None, shift.team_id).sweep.total_seconds() // 60)
            await service.sweep(tx, shift, minutes, now, routing)

    async def absent(tx: Tx, timer: Timer, now: datetime) -> None:
        await absence.look(tx, timer, rules, now, routing)

    timers.register(SWEEP, sweep)
    timers.register(absence.ABSENT, absent)
