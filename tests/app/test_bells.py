"""A bell is heard in every other process, once however often it is rung."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from yizhan.app.bells import Bell
from yizhan.foundation.bus import PostgresBus
from yizhan.foundation.db import Database


@pytest.fixture
async def buses(db: Database) -> AsyncIterator[tuple[PostgresBus, PostgresBus]]:
    here, there = PostgresBus(db), PostgresBus(db)
    await here.start()
    await there.start()
    yield here, there
    await here.close()
    await there.close()


async def test_rung_here_heard_there_and_not_by_the_ringer(buses: tuple[PostgresBus, PostgresBus]) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    here, there = (Bell(bus, "journal.moved", name) for bus, name in zip(buses, ("a", "b"), strict=True))
    here.heard(lambda: heard.put_nowait("a"))
    there.heard(lambda: heard.put_nowait("b"))
    ringing = [asyncio.create_task(bell.run()) for bell in (here, there)]
    for _ in range(100):
        here.ring()
    async with asyncio.timeout(5):
        assert await heard.get() == "b"
    there.ring()
    async with asyncio.timeout(5):
        assert await heard.get() == "a"
    assert heard.empty()
    for task in ringing:
        task.cancel()
    await asyncio.gather(*ringing, return_exceptions=True)
