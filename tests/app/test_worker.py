"""The worker: it does what is queued, leaves when there is nothing, and stops when it is told to."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.faults.chance import until
from yizhan.app.ending import Ending
from yizhan.app.house import House, Part, open_house
from yizhan.app.services import services_of
from yizhan.app.settings import load_settings
from yizhan.app.worker import TIDY, ask_to_tidy, is_wanted, until_wanted, work
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.jobs import enqueue, queued_jobs

SOON = timedelta(seconds=0.2)


@asynccontextmanager
async def house_of(part: Part, dsn: str, clock: FakeClock, home: Path) -> AsyncIterator[House]:
    settings = load_settings({"YIZHAN_DATA": str(home), "YIZHAN_DATABASE_URL": dsn})
    async with open_house(settings, dsn, clock, parts=frozenset({part}), connections=3) as house:
        yield house


def ending() -> Ending:
    return Ending(lambda: None, lambda: None)


async def old_session(db: Database, clock: FakeClock) -> None:
    await db.pool.execute(
        "INSERT INTO login_guard (login, failures, at) VALUES ($1, 1, $2)", b"x" * 16, clock.now() - timedelta(days=99)
    )


async def test_it_tidies_and_leaves(db: Database, db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    await old_session(db, clock)
    async with house_of(Part.WORKER, db_dsn, clock, tmp_path) as house:
        assert not await is_wanted(house)
        async with db.transaction() as tx:
            await enqueue(tx, TIDY, {})
        assert await is_wanted(house)
        async with asyncio.timeout(20):
            await until_wanted(house)()
            await work(house, ending(), idle=SOON)
        assert not await is_wanted(house)
    assert await db.pool.fetchval("SELECT count(*) FROM login_guard") == 0


async def test_told_to_end_it_ends(db: Database, db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    end = ending()
    async with house_of(Part.WORKER, db_dsn, clock, tmp_path) as house:
        async with db.transaction() as tx:
            await enqueue(tx, TIDY, {})
        working = asyncio.create_task(work(house, end))
        await until(lambda: none_queued(db))
        end.told()
        async with asyncio.timeout(20):
            await working


async def test_a_day_is_tidied_once_however_many_ask(
    db: Database, db_dsn: str, clock: FakeClock, tmp_path: Path
) -> None:
    async with house_of(Part.WORKER, db_dsn, clock, tmp_path) as house:
        await asyncio.gather(*(ask_to_tidy(house) for _ in range(3)))
        assert await queued(db) == 1
        assert not await is_wanted(house), "a start has better things to do"
        clock.advance(timedelta(days=1))
        await ask_to_tidy(house)
        assert await queued(db) == 2
        for loop in house.loops:
            loop.close()


async def none_queued(db: Database) -> bool:
    return await queued(db) == 0


async def queued(db: Database) -> int:
    async with db.read() as tx:
        return await queued_jobs(tx)


async def test_what_a_house_never_began_is_closed_with_it(db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    async with house_of(Part.WEB, db_dsn, clock, tmp_path) as house:
        services_of(house)
    assert {inspect.getcoroutinestate(loop) for loop in house.loops} == {inspect.CORO_CLOSED}
