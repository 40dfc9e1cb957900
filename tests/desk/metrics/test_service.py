"""Counting beside a real floor: a process that starts later has the same numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import serving
from yizhan.desk.metrics import ALL, Metrics, Scope
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Feed
from yizhan.records.conversations import Draft


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def answer(floor: Floor, conversation_id: object, agent: object) -> None:
    async with floor.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{agent}", text="您好")
        await serving.reply(tx, conversation_id, draft, now=floor.clock.now())  # type: ignore[arg-type]
    await floor.settle()


async def another(floor: Floor) -> Metrics:
    """As a process that starts now."""
    feed = Feed(floor.db)
    await feed.start()
    metrics = Metrics(floor.db, feed, floor.clock)
    await metrics.step()
    return metrics


async def test_a_start_in_between_changes_no_number(floor: Floor) -> None:
    metrics = Metrics(floor.db, floor.feed, floor.clock)
    await metrics.step()
    lin = await floor.hire("林一", live_cap=1)
    first = await floor.says("v1", "灯不亮")
    await floor.says("v2", "还没到货")
    await metrics.step()
    floor.clock.advance(timedelta(seconds=20))
    await answer(floor, first.conversation_id, lin)
    now = floor.clock.now()
    told = metrics.read(now)
    assert (told["queue_length", ALL], told["serving", ALL], told["replied", ALL]) == (1, 1, 1)
    assert told["queue_longest", Scope("team", str(floor.shop.team))] == 20
    assert told["room", ALL] == 0
    assert told["agents_online", ALL] == 1
    assert told["first_response", ALL] == 20
    fresh = await another(floor)
    assert fresh.state == metrics.state, "counted from what was kept"
    assert fresh.read(now) == told
    await floor.db.pool.execute("TRUNCATE metrics_kept")
    anew = await another(floor)
    assert anew.state == metrics.state, "counted anew"
    assert anew.read(now) == told


async def test_a_gap_in_the_feed_is_read(floor: Floor) -> None:
    metrics = Metrics(floor.db, floor.feed, floor.clock)
    await metrics.step()
    metrics.ready = False  # as if the listener had failed for a while
    await floor.says("v1", "在吗")
    metrics.ready = True
    await floor.says("v2", "在吗")
    assert metrics.read(floor.clock.now())["queue_length", ALL] == 0
    await metrics.step()
    await floor.says("v3", "在吗")
    assert metrics.read(floor.clock.now())["queue_length", ALL] == 3


async def test_the_furthest_of_several_is_kept(floor: Floor) -> None:
    early = Metrics(floor.db, floor.feed, floor.clock)
    await early.step()
    late = await another(floor)
    early.ready = False
    await floor.says("v1", "在吗")
    late.state.pos = floor.feed.pos
    await late.keep()
    early.state.pos += 1
    await early.keep()
    assert await floor.db.pool.fetchval("SELECT pos FROM metrics_kept") == floor.feed.pos
