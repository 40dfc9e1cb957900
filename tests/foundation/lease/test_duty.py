import asyncio
from datetime import timedelta

import pytest

from yizhan.foundation.db import Database
from yizhan.foundation.lease import Lease, while_held

LONG = timedelta(minutes=5)
SHORT = timedelta(seconds=0.3)


class Duty:
    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_begins_where_the_lease_is_and_goes_with_it(db: Database) -> None:
    first, second = Duty(), Duty()
    holder = Lease(db, "readers", "a", SHORT)
    one = asyncio.create_task(while_held(holder, first))
    await first.begun.wait()
    other = asyncio.create_task(while_held(Lease(db, "readers", "b", SHORT), second))
    one.cancel()
    await first.ended.wait()
    await second.begun.wait()
    other.cancel()
    await asyncio.gather(one, other, return_exceptions=True)


async def test_a_lease_that_is_lost_breaks_the_work_off(db: Database) -> None:
    work = Duty()
    lease = Lease(db, "readers", "a", SHORT)
    task = asyncio.create_task(while_held(lease, work))
    await work.begun.wait()
    async with db.transaction() as tx:
        await tx.execute("UPDATE lease SET holder = 'b', term = term + 1, until = clock_timestamp() + $1", LONG)
    async with asyncio.timeout(10):
        await work.ended.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_the_work_raises_is_not_lost(db: Database) -> None:
    async def broken() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await while_held(Lease(db, "readers", "a", LONG), broken)
