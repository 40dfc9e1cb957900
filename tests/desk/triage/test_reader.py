"""Triage on a real PostgreSQL: once, set-based, and never the reason why somebody waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.intake.samples import says
from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk.triage import DeadlineNet, TriageRules, triage
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def ready(floor: Floor) -> list[bool]:
    return [r["ready"] for r in await floor.db.pool.fetch("SELECT ready FROM conversation ORDER BY id")]


async def test_a_conversation_and_its_ticket_become_ready_once(floor: Floor) -> None:
    done = await floor.says("v1", "我要退款")
    assert await ready(floor) == [True]
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["ready"], ticket["type"]) == (True, "refund")
    kinds = await floor.kinds()
    assert kinds.count("work.ready") == 2
    async with floor.db.transaction() as tx:
        assert done.conversation_id is not None
        await triage(tx, [done.conversation_id], [], TriageRules(), now=floor.clock.now())
    await floor.settle()
    assert (await floor.kinds()).count("work.ready") == 2


async def test_a_members_level_and_the_last_agent_are_known(floor: Floor) -> None:
    await floor.hire("白杨")
    first = await floor.says("v1", "在吗")
    served_by = await floor.agent_of(first)
    await floor.db.pool.execute("UPDATE contact SET level = 2")
    await floor.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", floor.clock.now())
    await floor.db.pool.execute("UPDATE ticket SET status = 'cancelled'")
    await floor.hire("苏瑾")
    floor.clock.advance(timedelta(days=2))
    again = await floor.says("v1", "请问有货吗")
    row = await floor.row("conversation", again.conversation_id)
    assert row["needs"]["prefer"] == [str(served_by)]  # type: ignore[index]
    assert row["agent_id"] == served_by
    assert (await floor.row("ticket", again.ticket_id))["priority"] == 3


async def test_without_triage_the_net_makes_it_ready_and_says_so(floor: Floor, clock: FakeClock) -> None:
    lin = await floor.hire("林一")
    floor.readers.clear()
    done = await floor.says("v1", "在吗")
    net = DeadlineNet(floor.db, clock)
    assert await net.step(clock.now()) == 0
    clock.advance(timedelta(seconds=2))
    assert await net.step(clock.now()) == 2
    assert await net.step(clock.now()) == 0
    await floor.settle()
    row = await floor.row("conversation", done.conversation_id)
    assert (row["agent_id"], row["needs"]) == (lin, {"late": True})
    assert await floor.db.pool.fetchval("SELECT (data->>'late')::bool FROM event WHERE kind = 'work.ready' LIMIT 1")


async def test_a_conversation_with_the_bot_is_not_ready(floor: Floor, clock: FakeClock) -> None:
    await floor.says("v1", "在吗")
    await floor.db.pool.execute("UPDATE conversation SET phase = 'bot', ready = false")
    clock.advance(timedelta(minutes=1))
    assert await DeadlineNet(floor.db, clock).step(clock.now()) == 0


async def test_a_batch_costs_the_same_whatever_its_size(floor: Floor, clock: FakeClock) -> None:
    async def statements(count: int) -> int:
        now = clock.advance(timedelta(hours=1))
        lines = [says(floor.shop.chat, f"{count}-{n}", "我要退款", now) for n in range(count)]
        taken = await floor.shop.intake.accept_batch(lines)
        seen: list[str] = []
        async with floor.db.transaction() as tx:
            tx.add_query_logger(lambda record: seen.append(record.query))
            ids = [d.conversation_id for d in taken if d.conversation_id]
            await triage(tx, ids, [], TriageRules(), now=now)
        return len(seen)

    await statements(1)  # the driver looks up types once
    assert await statements(2) == await statements(40) <= 8
