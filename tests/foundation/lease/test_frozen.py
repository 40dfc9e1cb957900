"""A holder frozen inside a transaction keeps the row of its lease; once its time is over that helps it no more."""

import asyncio
from datetime import timedelta

import pytest

from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.lease import Lease

SHORT = timedelta(seconds=0.3)
LONG = timedelta(minutes=5)


async def hold_on(db: Database, lease: Lease, frozen: asyncio.Event, wake: asyncio.Event) -> None:
    async with db.transaction() as tx:
        await lease.check(tx)
        frozen.set()
        await wake.wait()
        await tx.execute("CREATE TABLE late_word (x int)")


async def over(tx: Tx) -> None:
    await tx.execute("UPDATE lease SET until = clock_timestamp() - interval '1 second'")


async def test_a_frozen_transaction_is_cut_when_the_lease_is_over(db: Database) -> None:
    frozen_lease, rival = Lease(db, "router", "a", LONG), Lease(db, "router", "b", SHORT)
    await frozen_lease.step()
    frozen, wake = asyncio.Event(), asyncio.Event()
    holding = asyncio.create_task(hold_on(db, frozen_lease, frozen, wake))
    await frozen.wait()
    async with db.transaction() as tx:
        await over(tx)
    await rival.step()
    assert rival.term == frozen_lease.term + 1
    wake.set()
    with pytest.raises(DATABASE_TROUBLE):
        await holding
    assert await db.pool.fetchval("SELECT to_regclass('late_word')") is None


async def test_a_transaction_under_a_good_lease_is_left_alone(db: Database) -> None:
    held, rival = Lease(db, "router", "a", LONG), Lease(db, "router", "b", SHORT)
    await held.step()
    frozen, wake = asyncio.Event(), asyncio.Event()
    holding = asyncio.create_task(hold_on(db, held, frozen, wake))
    await frozen.wait()
    trying = asyncio.create_task(rival.step())
    _, waits = await asyncio.wait({trying}, timeout=SHORT.total_seconds())
    wake.set()
    await holding
    await trying
    assert rival.term == 0
    assert waits is not None
    assert await db.pool.fetchval("SELECT to_regclass('late_word')") is not None
