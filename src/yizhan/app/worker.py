"""The worker: what may take long runs here, from the one queue of jobs, apart from everybody's event loop.

Under `yizhan serve` it is started when a job is due and leaves when nothing was for some minutes; as `yizhan worker`
it stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from yizhan.app.bulk import hands_of
from yizhan.app.connecting import open_pulls
from yizhan.app.ending import Ending
from yizhan.app.house import House, living
from yizhan.app.pushing import ring_phones
from yizhan.desk import bulk, imports, nps, precedence, resolution, simulation, standards
from yizhan.desk.bulk import BULK
from yizhan.desk.channels import RENDER, run_rendering
from yizhan.desk.connectors import PULL
from yizhan.desk.imports import IMPORT
from yizhan.desk.push import PUSH
from yizhan.desk.simulation import SIMULATE
from yizhan.foundation.db import DATABASE_TROUBLE
from yizhan.foundation.jobs import Handler, Job, Worker, due_jobs, enqueue
from yizhan.foundation.log import get_logger
from yizhan.records import tickets
from yizhan.web.nps import nps_link

log = get_logger(__name__)

TIDY = "tidy"
_MAKERS: Mapping[str, Callable[[House], Handler]] = {
    TIDY: lambda house: lambda job: _tidy(house, job),
    tickets.REWRITE: lambda house: lambda job: tickets.run_rewrite(house.db, house.clock, job),
    nps.NPS: lambda house: nps.job_handler(
        house.db,
        house.clock,
        lambda: house.rules.live.now,
        nps_link(house.settings.public_url, house.signer),
    ),
    BULK: lambda house: lambda job: bulk.run(house.db, house.clock, hands_of(house.rules), job),
    IMPORT: lambda house: (
        lambda job: imports.run(house.db, house.vault, house.blobs, house.clock, lambda: house.rules.profile.now, job)
    ),
    standards.CONFORM: lambda house: (
        lambda job: standards.run(house.db, house.vault, house.clock, lambda: house.rules.profile.now, job)
    ),
    precedence.BELIEVE: lambda house: (
        lambda job: precedence.run(house.db, house.vault, house.clock, house.rules.configuration, job)
    ),
    resolution.RESOLVE: lambda house: (
        lambda job: resolution.run(house.db, house.clock, house.vault, lambda: house.rules.resolution.rules, job)
    ),
    PULL: lambda house: open_pulls(house).run,
    RENDER: lambda house: lambda job: run_rendering(house.db, house.blobs, house.clock, job),
    PUSH: ring_phones,
    SIMULATE: lambda house: lambda job: simulation.run(house.db, house.clock, house.rules.configuration, job),
}
"""By kind of job, what makes its handler. A heavy module is imported in there, so that nobody else loads it."""

_AT_ONCE = 4
_GRACE = timedelta(seconds=5)
_HEARTBEAT = timedelta(seconds=10)
_LOOK_SECONDS = 2.0
_IDLE_LOOK_SECONDS = 5.0
_PLAN_SECONDS = 3600.0
_NOT_AT_ONCE = timedelta(minutes=10)  # a start has better things to do


async def work(house: House, ending: Ending, *, idle: timedelta | None = None) -> None:
    """Until told to end, or until nothing was due for `idle`."""
    worker = Worker(house.db, at_once=_AT_ONCE, grace=_GRACE, heartbeat=_HEARTBEAT)
    for kind, make in _MAKERS.items():
        worker.register(kind, make(house))
    with ending.by(worker.stop):
        async with living(house), asyncio.TaskGroup() as group:
            leaving = group.create_task(_leave_when_idle(house, worker, idle)) if idle else None
            await worker.run()
            if leaving is not None:
                leaving.cancel()


async def _leave_when_idle(house: House, worker: Worker, idle: timedelta) -> None:
    loop = asyncio.get_running_loop()
    busy_at = loop.time()
    look = min(_IDLE_LOOK_SECONDS, idle.total_seconds() / 2)
    while loop.time() - busy_at < idle.total_seconds():
        await asyncio.sleep(look)
        if await is_wanted(house):
            busy_at = loop.time()
    log.info("worker.idle")
    worker.stop()


async def is_wanted(house: House) -> bool:
    """Whether there is something for a worker to do. A database away has nothing to do."""
    try:
        async with house.db.read() as tx:
            return await due_jobs(tx, _MAKERS)
    except DATABASE_TROUBLE:
        return False


def until_wanted(house: House) -> Callable[[], Awaitable[None]]:
    async def wait() -> None:
        while True:
            if await is_wanted(house):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    return wait


async def plan_tidying(house: House) -> None:
    """Until cancelled."""
    while True:
        try:
            await ask_to_tidy(house)
        except DATABASE_TROUBLE as error:
            log.error("tidy.not_planned", error=repr(error))
        await asyncio.sleep(_PLAN_SECONDS)


async def ask_to_tidy(house: House) -> None:
    """Once a day, whatever hours the house keeps and however many processes ask."""
    day = house.clock.now().date().isoformat()
    async with house.db.transaction() as tx:
        await enqueue(tx, TIDY, {}, key=day, after=_NOT_AT_ONCE)


async def _tidy(house: House, _: Job) -> None:
    from yizhan.app.housekeeping import tidy

    await tidy(house.db, house.blobs, house.vault, house.clock, house.holder)
