"""Two processes on one database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.foundation.bus.heard import Heard
from yizhan.foundation.bus import MAX_PAYLOAD, PostgresBus
from yizhan.foundation.db import Database


@pytest.fixture
async def here(db: Database) -> AsyncIterator[PostgresBus]:
    bus = PostgresBus(db)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def there(db: Database) -> AsyncIterator[PostgresBus]:
    bus = PostgresBus(db)
    await bus.start()
    yield bus
    await bus.close()


async def test_a_signal_reaches_both_processes_once(here: PostgresBus, there: PostgresBus) -> None:
    at_home, abroad = Heard(), Heard()
    here.subscribe("typing", at_home)
    there.subscribe("typing", abroad)
    await here.publish("typing", b"\x00\xff 1")
    await there.publish("typing", b"2")
    assert sorted(await at_home.until(2)) == sorted(await abroad.until(2)) == [b"\x00\xff 1", b"2"]
    await here.publish("typing", b"last")
    assert (await abroad.until(3))[2:] == (await at_home.until(3))[2:] == [b"last"]


async def test_a_burst_arrives_whole_and_in_order(here: PostgresBus, there: PostgresBus, db: Database) -> None:
    abroad = Heard()
    there.subscribe("typing", abroad)
    sent = [b"%d" % (number // 2) for number in range(900)]
    for payload in sent:
        await here.publish("typing", payload)
    assert await abroad.until(900) == sent


async def test_the_largest_signal_fits(here: PostgresBus, there: PostgresBus) -> None:
    abroad = Heard()
    there.subscribe("a" * 80, abroad)
    await here.publish("a" * 80, b"\xff" * MAX_PAYLOAD)
    assert await abroad.until(1) == [b"\xff" * MAX_PAYLOAD]


async def test_closing_sends_what_was_published(db: Database, there: PostgresBus) -> None:
    abroad = Heard()
    there.subscribe("bye", abroad)
    leaving = PostgresBus(db)
    await leaving.start()
    await leaving.publish("bye", b"x")
    await leaving.close()
    assert await abroad.until(1) == [b"x"]


async def test_a_lost_connection_is_made_again(here: PostgresBus, there: PostgresBus, db: Database) -> None:
    abroad = Heard()
    there.subscribe("typing", abroad)
    async with db.transaction() as tx:
        ended = await tx.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
    assert len(ended) == 2
    await _publish_until_heard(here, abroad)


async def test_notifications_of_others_are_passed_over(here: PostgresBus, db: Database) -> None:
    heard = Heard()
    here.subscribe("typing", heard)
    async with db.transaction() as tx:
        for text in ("", "hello", "other.1 typing", "other.1 typing:eA=="):
            await tx.execute("SELECT pg_notify('yizhan_bus', $1)", text)
    assert await heard.until(1) == [b"x"]


async def test_publishing_goes_on_while_the_database_is_away(db: Database) -> None:
    bus, heard = PostgresBus(db), Heard()
    await bus.start()
    bus.subscribe("typing", heard)
    await db.pool.close()
    await bus.publish("typing", b"x")
    assert await heard.until(1) == [b"x"]
    await bus.close()


async def _publish_until_heard(bus: PostgresBus, heard: Heard) -> None:
    async with asyncio.timeout(20):
        while not heard:
            await bus.publish("typing", b"again")
            with suppress(TimeoutError):
                await heard.until(1, seconds=0.1)
