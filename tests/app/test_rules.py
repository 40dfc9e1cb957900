"""A new house begins with what ships, and every part follows a release from its event on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from yizhan.app.house import House, open_house
from yizhan.app.settings import load_settings
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease


@pytest.fixture
async def house(db_dsn: str, clock: FakeClock, tmp_path: Path) -> AsyncIterator[House]:
    settings = load_settings({"YIZHAN_DATA": str(tmp_path)})
    async with open_house(settings, db_dsn, clock) as opened:
        journal = Lease(opened.db, "journal", "test", timedelta(hours=1))
        await journal.step()
        opened.sequencer = Sequencer(opened.db, journal, Wake(), lambda pos: None)
        for loop in opened.loops:
            loop.close()  # nothing moves but what the test moves
        yield opened


async def test_what_ships_is_the_first_release(house: House, db_dsn: str, clock: FakeClock) -> None:
    now = house.rules.live.now
    assert now.number == 1
    assert {(d.kind, d.name) for d in now.documents()} >= {("clocks", "default"), ("routing", "default")}
    assert house.rules.clocks.of().source == "clocks/default@1"
    assert await house.db.pool.fetchval("SELECT scope FROM role WHERE key = 'agent_own'") == "own"
    async with open_house(house.settings, db_dsn, clock) as again:
        for loop in again.loops:
            loop.close()
        assert again.rules.live.now.number == 1


async def test_a_release_is_followed_and_a_roll_back_too(house: House, clock: FakeClock) -> None:
    async with house.db.transaction() as tx:
        configuration = house.rules.configuration
        await configuration.save(tx, "clocks", "default", {"left_grace_s": 60}, by="test", now=clock.now())
        await configuration.release(tx, by="test", now=clock.now())
    await _hear(house)
    rules = house.rules.clocks.of()
    assert (rules.left_grace, rules.source) == (timedelta(minutes=1), "clocks/default@2")
    async with house.db.transaction() as tx:
        await house.rules.configuration.roll_back(tx, 1, by="test", now=clock.now())
    await _hear(house)
    assert house.rules.clocks.of().left_grace == timedelta(minutes=3)


async def test_a_place_that_does_not_exist_is_refused(house: House, clock: FakeClock) -> None:
    body = {"teams": ["00000000-0000-0000-0000-000000000001"], "prompt_s": 60}
    async with house.db.transaction() as tx:
        with pytest.raises(Invalid, match="does not exist") as refused:
            await house.rules.configuration.save(tx, "clocks", "night", body, by="test", now=clock.now())
    assert refused.value.field == "teams[0]"


async def _hear(house: House) -> None:
    await house.sequencer.drain()
    await house.feed.step()
