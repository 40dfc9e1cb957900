"""The tasks of the day, and room for the years to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.upkeep import Task, outcomes, partitions_ahead, rows_astray, run_tasks


async def message(db: Database, at: datetime) -> None:
    """A row of another year, as a wrong clock makes it."""
    await db.pool.execute(
        "INSERT INTO message (id, conversation_id, contact_id, identity_id, inbox_id, direction, author, kind, text,"
        " at, received_at) VALUES ($1, $1, $1, $1, $1, 'in', 'system', 'text', 'x', $2, $2)", new_id(at), at,
    )  # fmt: skip


async def place_of(db: Database, at: datetime) -> str:
    found: str = await db.pool.fetchval("SELECT tableoid::regclass::text FROM message WHERE at = $1", at)
    return found


@pytest.fixture
async def year(db: Database) -> int:
    """The machine's, by which the database was made."""
    now: datetime = await db.pool.fetchval("SELECT clock_timestamp()")
    return now.astimezone(UTC).year


async def test_every_start_makes_room_for_the_next_year(db: Database, year: int) -> None:
    await message(db, datetime(year, 5, 5, tzinfo=UTC))
    await message(db, datetime(year + 1, 12, 31, 23, 59, 59, tzinfo=UTC))
    await message(db, datetime(2011, 5, 5, tzinfo=UTC))  # an archive that was brought in
    async with db.read() as tx:
        assert await rows_astray(tx) == {}


async def test_rows_astray_are_told_and_moved_when_their_year_comes(db: Database, year: int) -> None:
    far = datetime(year + 4, 6, 1, tzinfo=UTC)
    await message(db, far)
    assert await place_of(db, far) == "message_default"
    async with db.transaction() as tx:
        assert await rows_astray(tx) == {"message": 1}
        made = await partitions_ahead(tx, far - timedelta(days=365))
        assert made[f"message_{year + 4}"] == 1
        assert f"search_row_{year + 4}" in made
        assert await partitions_ahead(tx, far - timedelta(days=365)) == {}
        assert await rows_astray(tx) == {}
    assert await place_of(db, far) == f"message_{year + 4}"


async def test_events_have_a_whole_partition_ahead(db: Database) -> None:
    await db.pool.execute("UPDATE journal_head SET pos = 120000000")
    async with db.transaction() as tx:
        made = await partitions_ahead(tx, datetime(2026, 3, 1, tzinfo=UTC))
    assert [part for part in made if part.startswith("event")] == ["event_p2", "event_p3"]


async def test_a_partition_has_all_indexes_and_statistics(db: Database, year: int) -> None:
    both = ["search_row_first", f"search_row_{year + 1}"]
    indexes = await db.pool.fetch(
        "SELECT count(*) AS n FROM pg_index WHERE indrelid = ANY ($1::text[]::regclass[]) GROUP BY indrelid", both
    )
    assert [row["n"] for row in indexes] == [2, 2]
    fine = await db.pool.fetch(
        "SELECT attstattarget AS n FROM pg_attribute"
        " WHERE attname = 'words' AND attrelid = ANY ($1::text[]::regclass[])", both,
    )  # fmt: skip
    assert [row["n"] for row in fine] == [1000, 1000]


async def test_a_task_is_repeated_until_nothing_is_left_a_failure_is_its_own(db: Database, clock: FakeClock) -> None:
    left = [3, 2, 0, 7]

    async def forget(tx: Tx, now: datetime) -> int:
        return left.pop(0)

    async def fail(tx: Tx, now: datetime) -> int:
        raise Invalid("no")

    async with Lease(db, "upkeep", "test") as lease:
        done = await run_tasks(db, lease, [Task("fail", fail), Task("forget", forget, until_none=True)], clock.now())
        assert left == [7]
        assert [(one.task, one.rows, one.error is None) for one in done] == [("fail", 0, False), ("forget", 5, True)]
        clock.advance(timedelta(days=1))
        await run_tasks(db, lease, [Task("forget", forget)], clock.now())
    async with db.read() as tx:
        kept = {one.task: one for one in await outcomes(tx)}
    assert kept["forget"].rows == 7
    assert kept["forget"].ran_at == clock.now()
    assert "Invalid" in (kept["fail"].error or "")


async def test_without_the_lease_nothing_is_done(db: Database, clock: FakeClock) -> None:
    async def never(tx: Tx, now: datetime) -> int:
        raise AssertionError

    async with Lease(db, "upkeep", "one"):
        with pytest.raises(LeaseLost):
            await run_tasks(db, Lease(db, "upkeep", "other"), [Task("never", never)], clock.now())
