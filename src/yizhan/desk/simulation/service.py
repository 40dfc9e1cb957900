"""Asking for a simulation, calling it off, and running it: read in one breath, lived in a thread, told as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from yizhan.desk.simulation import reading, store
from yizhan.desk.simulation.day import Day, day_of_house, times
from yizhan.desk.simulation.model import (
    Asked,
    Comparison,
    Fault,
    OtherRules,
    Simulated,
    Simulation,
    State,
    WhichDay,
)
from yizhan.desk.simulation.report import Progress, live
from yizhan.desk.simulation.rules import KINDS, Rules
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.errors import Conflict, DomainError, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records.config import Configuration, Published, changed_documents, house_calendar

log = get_logger(__name__)

SIMULATE = "simulate"
_MOST_UNDER_WAY = 5
_TELL_SECONDS = 0.5
_OF_READING = 0.1
_NOW_AND_THEN: Progress = lambda share: None  # noqa: E731 - a default that does nothing


class CalledOff(Exception):  # noqa: N818 - somebody wants it no more: no error
    """Ends a simulation from within."""


async def ask(tx: Tx, agent_id: UUID, asked: Asked, configuration: Configuration, *, now: datetime) -> Simulation:
    """Raises Invalid with the place in a document that could not be released, and for a day that is not there."""
    published = await configuration.published(tx)
    await other_rules(tx, configuration, asked.rules, now)
    if asked.day.what == "on":
        zone = house_calendar(published).zone
        if asked.day.on is None or reading.bounds(asked.day.on, zone)[1] > now:
            raise Invalid("choose a day that is over", "day.on")
    if await store.under_way(tx) >= _MOST_UNDER_WAY:
        raise Conflict("others are waiting for their simulations: try again in a while")
    id = new_id(now)
    await store.add(tx, id, agent_id, asked, now)
    await enqueue(tx, SIMULATE, {"simulation": str(id)}, key=str(id))
    await _tell(tx, "simulation.asked", id, agent_id, now, {"day": asked.day.what, "rules": asked.rules.what})
    return await store.simulation(tx, id)


async def call_off(tx: Tx, id: UUID, agent_id: UUID, *, now: datetime) -> Simulation:
    if await store.end(tx, id, State.CANCELLED, now) is None:
        raise Conflict("it is over already")
    await _tell(tx, "simulation.ended", id, agent_id, now, {"state": State.CANCELLED})
    return await store.simulation(tx, id)


async def other_rules(tx: Tx, configuration: Configuration, rules: OtherRules, now: datetime) -> Published:
    """What would be in force. Raises as its release would."""
    if rules.what == "release" and rules.release is None:
        raise Invalid("which release?", "rules.release")
    return await configuration.would_be(
        tx, now=now, drafts=rules.what == "drafts", release=rules.release if rules.what == "release" else None,
        written=rules.documents if rules.what == "documents" else (),
    )  # fmt: skip


async def run(db: Database, clock: Clock, configuration: Configuration, job: Job) -> None:
    """One that fails says why to who asked; a job that runs twice ends once."""
    id = UUID(str(job.payload["simulation"]))
    async with db.transaction() as tx:
        asked = await store.begin(tx, id)
    if asked is None:
        return
    error: Fault | None = None
    result: Comparison | None = None
    try:
        result = await _run(db, clock, configuration, id, asked)
    except CalledOff:
        return
    except DomainError as wrong:
        error = Fault(wrong.code, wrong.message, getattr(wrong, "field", None))
    except DATABASE_TROUBLE:
        raise  # tried again by the queue
    except Exception as fault:  # told to who asked, instead of being tried again and again
        log.exception("simulation.failed", simulation=str(id))
        error = Fault("internal", repr(fault)[:200])
    now = clock.now()
    async with db.transaction() as tx:
        state = State.FAILED if error is not None else State.ENDED
        asker = await store.end(tx, id, state, now, result=result, error=error)
        if asker is not None:
            await _tell(tx, "simulation.ended", id, asker, now, {"state": state})


async def _run(db: Database, clock: Clock, configuration: Configuration, id: UUID, asked: Asked) -> Comparison:
    reached = 0.0
    wanted = True

    def progress(share: float) -> None:
        nonlocal reached
        reached = share
        if not wanted:
            raise CalledOff

    async def play() -> Comparison:
        async with db.read() as tx:
            before = await configuration.published(tx)
            after = await other_rules(tx, configuration, asked.rules, clock.now())
            now = clock.now()
            day = await load_day(tx, asked.day, before, after, now, progress=lambda s: progress(s * _OF_READING))
        told: Progress = lambda share: progress(_OF_READING + share * (1 - _OF_READING))  # noqa: E731
        return await asyncio.to_thread(compared, day, asked.day, before, after, told)

    playing = asyncio.create_task(play())
    try:
        while not playing.done():
            await asyncio.wait({playing}, timeout=_TELL_SECONDS)
            async with db.transaction() as tx:
                wanted = await store.reach(tx, id, reached)
    finally:
        wanted = wanted and playing.done()  # a worker that stops does not live on in a thread
    return await playing


async def load_day(
    tx: Tx, which: WhichDay, before: Published, after: Published, now: datetime, *, progress: Progress = _NOW_AND_THEN
) -> Day:
    zone = house_calendar(before).zone
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    if which.what == "generated":
        start = reading.bounds(yesterday, zone)[0]
        day = day_of_house(
            start, count=which.count, seats=await reading.seats_of_house(tx, start), places=await reading.places(tx),
            skills=await reading.skill_keys(tx),
        )  # fmt: skip
        if not day.arrivals:
            raise Invalid("no team has anybody in it", "day")
        return day
    on: date = which.on if which.what == "on" and which.on is not None else yesterday
    asks = Rules(before).asked | Rules(after).asked
    return times(await reading.day_that_was(tx, on, zone, asks, now=now, progress=progress), which.times)


def compared(
    day: Day, which: WhichDay, before: Published, after: Published, progress: Callable[[float], None] = _NOW_AND_THEN
) -> Comparison:
    """The same day under the rules in force and under the others."""
    was = live(day, Rules(before), lambda share: progress(share / 2))
    now = live(day, Rules(after), lambda share: progress(0.5 + share / 2))
    changes = changed_documents(before, after)
    earlier = sum(each.at < day.start for each in day.arrivals)
    told = Simulated(
        day.start, len(day.arrivals) - earlier, len(day.people), which.times if which.what != "generated" else 1,
        which.what == "generated", dict(day.unknown), earlier,
    )  # fmt: skip
    beside = sorted({each.kind for each in changes if each.kind not in KINDS})
    return Comparison(told, before.number, was, now, [each for each in changes if each.kind in KINDS], beside)


async def _tell(tx: Tx, kind: str, id: UUID, agent_id: UUID, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=id, subject_version=1, at=now, actor=f"agent:{agent_id}", agent_id=agent_id, data=facts
    )])  # fmt: skip
