"""The journal with eight writers and two sequencers, whose processes and connections are killed at random."""

from __future__ import annotations

import random
from uuid import uuid4

import pytest

from tests.faults.chance import fresh_seed, say, until
from tests.faults.child import Child
from tests.foundation.journal.entries import sequencer, things
from tests.foundation.journal.test_sequencer import check_everything
from yizhan.foundation.db import Database

pytestmark = pytest.mark.slow

SCRIBE = "tests.faults.scribe"
PARTS = ["write", "write", "sequence", "sequence"]
ROUNDS = 16


async def test_it_misses_nothing_and_keeps_every_order_whatever_is_killed(db: Database, db_dsn: str) -> None:
    chance = random.Random(fresh_seed())
    subjects = [uuid4() for _ in range(20)]
    async with db.transaction() as tx:
        await things(tx, *subjects)
    children = [await Child.start(SCRIBE, db_dsn, part) for part in PARTS]
    try:
        for child in children:
            await child.says("running")
        for number in range(ROUNDS):
            await more(db, chance.randrange(20, 200))
            await strike(db, db_dsn, children, chance, number)
    finally:
        for child in children:
            await child.kill()
    await quiet(db)
    await db.pool.execute("UPDATE lease SET until = clock_timestamp()")
    await (await sequencer(db)).drain()
    await check_everything(db, subjects)
    assert await db.pool.fetchval("SELECT count(*) FROM event_new") == 0
    say(f"{await db.pool.fetchval('SELECT pos FROM journal_head')} events")


async def strike(db: Database, dsn: str, children: list[Child], chance: random.Random, number: int) -> None:
    """A process, or any connection of any of them."""
    if chance.random() < 0.5:
        victim = chance.randrange(len(PARTS))
        say(f"round {number}: a process that {PARTS[victim]}s")
        await children[victim].kill()
        children[victim] = await Child.start(SCRIBE, dsn, PARTS[victim])
        return
    others = await db.pool.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
        " AND pid <> pg_backend_pid()"
    )
    for row in chance.sample(others, min(3, len(others))):
        await db.pool.execute("SELECT pg_terminate_backend($1)", row["pid"])
    say(f"round {number}: {min(3, len(others))} connections")


async def more(db: Database, by: int) -> None:
    """Until so many more events have their place."""
    wanted = await db.pool.fetchval("SELECT pos FROM journal_head") + by

    async def there() -> bool:
        return bool(await db.pool.fetchval("SELECT pos >= $1 FROM journal_head", wanted))

    await until(there)


async def quiet(db: Database) -> None:
    """Until the server has seen that the killed are gone."""

    async def alone() -> bool:
        return not await db.pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )

    await until(alone)
