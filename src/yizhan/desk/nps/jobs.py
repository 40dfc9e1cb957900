"""NPS at work: a release plans the next periods, timers begin them, the worker finds and asks people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.nps import following, policy, service, store
from yizhan.desk.nps.invitations import FOLLOW, NpsLink
from yizhan.desk.nps.rules import NPS_CAMPAIGN, campaign_of, campaigns, subject_of
from yizhan.desk.nps.service import CLOSE, NPS, STEP
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.jobs import Handler, Job
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers, cancel_timers, set_timer
from yizhan.records.config import RELEASED, Configuration, Published, TypeBook, house_calendar

START = "nps.start"

__all__ = ["NPS", "job_handler", "nps_reader", "register_timers"]


def nps_reader(db: Database, clock: Clock, configuration: Configuration) -> Reader:
    """The durable reader `nps`: of releases only."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        named = {str(name) for e in entries for kind, name, _ in _documents(e) if kind == NPS_CAMPAIGN.name}
        if named:
            published = await configuration.published(tx)
            for name in sorted(named):
                await plan(tx, name, published, clock.now())

    return Reader(db, clock, "nps", take, kinds=frozenset({RELEASED}))


def _documents(entry: Entry) -> Sequence[tuple[object, object, object]]:
    """As `RELEASED` tells them: kind, name, version."""
    return [tuple(each) for each in entry.data.get("documents", [])]


async def plan(tx: Tx, name: str, published: Published, now: datetime) -> None:
    """When the next period of a campaign begins, as it stands now."""
    subject = subject_of(name)
    await cancel_timers(tx, subject, START)
    document = campaigns(published).get(name)
    if document is None or not document.enabled:
        return
    calendar = house_calendar(published)
    day = policy.next_period(document, now, calendar, await store.last_period(tx, name))
    if day is not None:
        due = max(now, policy.begins_at(document, day, calendar))
        await set_timer(tx, due, START, subject, 0, {"name": name, "period": day.isoformat()})


def register_timers(timers: Timers, live: Callable[[], Published], types: TypeBook) -> None:
    async def start(tx: Tx, timer: Timer, now: datetime) -> None:
        name, period, published = str(timer.data["name"]), str(timer.data["period"]), live()
        document = campaigns(published).get(name)
        if document is None or not document.enabled:
            return
        await service.begin(tx, name, document, campaign_of(published, name)[1], period, by=f"timer:{START}", now=now)
        await plan(tx, name, published, now)

    async def step(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.call_worker(tx, timer.subject)

    async def close(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.close(tx, timer.subject, now)

    async def low(tx: Tx, timer: Timer, now: datetime) -> None:
        await following.follow_up(tx, timer.subject, types.tree, now)

    timers.register(START, start)
    timers.register(STEP, step)
    timers.register(CLOSE, close)
    timers.register(FOLLOW, low)


def job_handler(db: Database, clock: Clock, live: Callable[[], Published], link: NpsLink) -> Handler:
    """Batch after batch, each a transaction of its own: a worker that dies is followed by one that goes on."""

    async def run(job: Job) -> None:
        run_id = UUID(str(job.payload["run"]))
        more = True
        while more:
            async with db.transaction() as tx:
                more = await service.step(tx, run_id, house_calendar(live()), link, clock.now())

    return run
