"""Places are dense, given once, and every subject keeps its order."""

from __future__ import annotations

import asyncio
from itertools import count
from uuid import UUID, uuid4

import pytest

from tests.foundation.journal.entries import event, raise_version, sequencer, things, write, written
from yizhan.foundation import journal
from yizhan.foundation.db import DATABASE_TROUBLE, Database, open_connection
from yizhan.foundation.journal import Sequencer, Wake, emit, store
from yizhan.foundation.lease import Lease, LeaseLost


async def test_places_are_dense_from_one_and_the_head_follows(db: Database) -> None:
    one = await sequencer(db)
    subject = uuid4()
    await write(db, [event(subject, v) for v in (1, 2, 3)])
    assert await one.drain() == 3
    await write(db, [event(subject, 4)])
    assert await one.drain() == 1
    assert await one.drain() == 0
    assert await written(db) == [(1, subject, 1), (2, subject, 2), (3, subject, 3), (4, subject, 4)]
    async with db.read() as tx:
        assert str(await journal.head(tx)) == "1:4"
        assert await journal.first_broken(tx, 1, 4) is None


async def test_what_is_rolled_back_leaves_no_gap(db: Database) -> None:
    one = await sequencer(db)
    subject = uuid4()
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(db, subject)
    await write(db, [event(subject, 1)])
    await one.drain()
    assert await written(db) == [(1, subject, 1)]
    assert await db.pool.fetchval("SELECT seq FROM event") == 2


async def write_and_fail(db: Database, subject: UUID) -> None:
    async with db.transaction() as tx:
        await emit(tx, [event(subject, 1)])
        raise ZeroDivisionError


async def test_a_row_that_commits_late_is_not_passed_over(db: Database) -> None:
    one = await sequencer(db)
    late, prompt = uuid4(), uuid4()
    async with db.transaction() as tx:
        await emit(tx, [event(late, 1)])
        await write(db, [event(prompt, 1)])
        assert await one.drain() == 1
    assert await one.drain() == 1
    assert await written(db) == [(1, prompt, 1), (2, late, 1)]


async def test_a_strangers_open_transaction_hides_nothing(db: Database) -> None:
    one = await sequencer(db)
    stranger = await open_connection(db.dsn)
    await stranger.execute("BEGIN; CREATE TABLE elsewhere (x int); INSERT INTO elsewhere VALUES (1)")
    await write(db, [event(uuid4(), 1)])
    assert await one.drain() == 1
    await stranger.close()


async def test_eight_writers_and_two_sequencers_lose_nothing_and_keep_every_order(db: Database) -> None:
    subjects = [uuid4() for _ in range(12)]
    async with db.transaction() as tx:
        await things(tx, *subjects)
    drains = [await sequencer(db), Sequencer(db, Lease(db, "other", "b"), Wake(), lambda pos: None)]
    await drains[1]._lease.step()  # a second one at work must not matter: the head's lock is behind the lease
    writing = asyncio.Event()

    async def keep_writing(number: int) -> None:
        for i in range(25):
            async with db.transaction() as tx:
                for subject in sorted({subjects[(number * 7 + i * k) % 12] for k in (1, 3, 5)}):
                    await raise_version(tx, subject)

    async def keep_draining(one: Sequencer) -> None:
        while not writing.is_set():
            await one.drain()

    draining = [asyncio.create_task(keep_draining(one)) for one in drains]
    await asyncio.gather(*(keep_writing(n) for n in range(8)))
    writing.set()
    await asyncio.gather(*draining)
    await drains[0].drain()
    await check_everything(db, subjects)


async def check_everything(db: Database, subjects: list[UUID]) -> None:
    """Each subject's versions are all there, in order, once; places are dense; the chain is whole."""
    rows = await written(db)
    assert [pos for pos, _, _ in rows] == list(range(1, len(rows) + 1))
    counters = {s: count(1) for s in subjects}
    for _, subject, version in rows:
        assert version == next(counters[subject])
    versions = {r["id"]: r["version"] for r in await db.pool.fetch("SELECT id, version FROM thing")}
    assert {s: next(c) - 1 for s, c in counters.items()} == versions
    async with db.read() as tx:
        assert await journal.first_broken(tx, 1, len(rows)) is None


async def test_without_the_lease_nothing_is_moved(db: Database) -> None:
    held, frozen = await sequencer(db), await sequencer(db)
    await write(db, [event(uuid4(), 1)])
    with pytest.raises(LeaseLost):
        await frozen.drain()
    assert await written(db) == []
    assert await held.drain() == 1


async def test_it_goes_on_after_its_connection_was_cut(db: Database) -> None:
    moved: asyncio.Queue[int] = asyncio.Queue()
    wake = Wake()
    running = asyncio.create_task(Sequencer(db, Lease(db, "journal", "a"), wake, moved.put_nowait).run())
    async with asyncio.timeout(10):
        for pos in range(1, 6):
            await write_through(db, uuid4())
            wake.ring()
            assert await moved.get() == pos
            await cut_all(db)
    assert not running.done()
    running.cancel()


async def write_through(db: Database, subject: UUID) -> None:
    """With connections that may have been cut a moment ago."""
    while True:
        try:
            return await write(db, [event(subject, 1)])
        except DATABASE_TROUBLE:
            continue


async def cut_all(db: Database) -> None:
    connection = await open_connection(db.dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1",
        connection.get_server_pid(),
    )
    await connection.close()


async def test_a_bell_rings_after_the_commit_of_who_wrote_and_of_nobody_else(db: Database) -> None:
    store._written.clear()  # what was rolled back elsewhere may cost one ring too many
    rung: list[int] = []
    journal.ring_after_commit(db, lambda: rung.append(1))
    async with db.transaction() as tx:
        await emit(tx, [event(uuid4(), 1)])
        assert not rung
    assert len(rung) == 1
    async with db.transaction() as tx:
        await tx.fetchval("SELECT 1")
    assert len(rung) == 1
    async with db.transaction() as tx:
        await emit(tx, [])
    assert len(rung) == 1
