"""Measures on a floor: what they change, and that everything is as before when they end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import supervision
from yizhan.desk.supervision import Ending
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict
from yizhan.records import agents
from yizhan.records.agents import AgentChange, NewTeam, Scope, Viewer

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    made = await open_floor(db, clock)
    supervision.register_timers(made.timers)
    return made


async def boss(floor: Floor) -> Viewer:
    who = await floor.hire("主管", state="busy", team=False)
    return Viewer(agent_id=who, name="主管", permissions=frozenset({"supervise"}), scope=Scope.ALL)


async def teams_of(floor: Floor, agent_id: UUID) -> set[UUID]:
    async with floor.db.read() as tx:
        return {team.id for team in (await agents.agent(tx, agent_id)).teams}


async def cap_of(floor: Floor, agent_id: UUID) -> int:
    async with floor.db.read() as tx:
        return (await agents.agent(tx, agent_id)).live_cap


async def told(floor: Floor) -> list[tuple[str, str, str | None]]:
    rows = await floor.db.pool.fetch("SELECT kind, data FROM event WHERE kind LIKE 'measure.%' ORDER BY pos")
    return [(r["kind"], r["data"]["kind"], r["data"].get("why")) for r in rows]


async def test_who_is_sent_to_help_serves_there_and_returns_by_himself(floor: Floor) -> None:
    by = await boss(floor)
    helper = await floor.hire("何苗", team=False)
    async with floor.db.transaction() as tx:
        other = await agents.create_team(tx, NewTeam(key="presale", name="售前"), floor.clock.now(), "test")
        await agents.join_team(tx, other, helper, floor.clock.now(), "test")
    await floor.hire("林一", state="busy")
    chat = await floor.says("v1", "灯不亮")
    assert await floor.agent_of(chat) is None
    async with floor.db.transaction() as tx:
        await supervision.reinforce(tx, floor.shop.team, [helper], minutes=30, by=by, now=floor.clock.now())
    await floor.settle()
    assert await floor.agent_of(chat) == helper
    await floor.pass_time(HALF_AN_HOUR)
    assert await teams_of(floor, helper) == {other}
    assert await told(floor) == [("measure.began", "reinforce", None), ("measure.ended", "reinforce", "time")]


async def test_a_member_is_not_sent_to_his_own_team(floor: Floor) -> None:
    by, lin = await boss(floor), await floor.hire("林一")
    with pytest.raises(Conflict):
        async with floor.db.transaction() as tx:
            await supervision.reinforce(tx, floor.shop.team, [lin], minutes=30, by=by, now=floor.clock.now())


async def test_raised_caps_take_more_and_fall_back_but_for_what_was_set_by_hand(floor: Floor) -> None:
    by = await boss(floor)
    lin, su, away = [await floor.hire(n, live_cap=1, state=s) for n, s in (("林", "online"), ("苏", "online"),
                                                                          ("高", "offline"))]  # fmt: skip
    chats = [await floor.says(f"v{n}", "在吗") for n in range(4)]
    assert [await floor.agent_of(chat) for chat in chats].count(None) == 2
    async with floor.db.transaction() as tx:
        await supervision.raise_caps(tx, floor.shop.team, more=1, minutes=30, by=by, now=floor.clock.now())
    await floor.settle()
    assert [await floor.agent_of(chat) for chat in chats].count(None) == 0
    assert [await cap_of(floor, who) for who in (lin, su, away)] == [2, 2, 1]
    async with floor.db.transaction() as tx:
        who = await agents.agent(tx, su)
        await agents.change_agent(tx, su, who.version, AgentChange(live_cap=4), floor.clock.now(), "test")
    await floor.pass_time(HALF_AN_HOUR)
    assert [await cap_of(floor, who) for who in (lin, su)] == [1, 4]
    assert sorted(await told(floor))[2:] == [("measure.ended", "caps", "moot"), ("measure.ended", "caps", "time")]


async def test_a_notice_is_said_once_to_everybody_who_queues(floor: Floor) -> None:
    by = await boss(floor)
    await floor.says("v1", "在吗")
    async with floor.db.transaction() as tx:
        begun = await supervision.announce(
            tx, floor.shop.team, "系统正在升级,请稍候", minutes=30, by=by, now=floor.clock.now()
        )
    await floor.pass_time(timedelta(seconds=1))
    await floor.says("v2", "在吗")
    for _ in range(3):
        await floor.pass_time(timedelta(seconds=10))
    said = "SELECT conversation_id FROM message WHERE text = '系统正在升级,请稍候' AND direction = 'system'"
    assert len({r[0] for r in await floor.db.pool.fetch(said)}) == len(await floor.db.pool.fetch(said)) == 2
    async with floor.db.transaction() as tx:
        await supervision.end(tx, begun.id, why=Ending.HAND, actor=by.actor, now=floor.clock.now())
    await floor.says("v3", "在吗")
    await floor.pass_time(timedelta(minutes=1))
    assert len(await floor.db.pool.fetch(said)) == 2
    async with floor.db.read() as tx:
        assert await supervision.running(tx) == []


async def test_what_is_taken_back_goes_to_the_front_and_to_somebody_else(floor: Floor) -> None:
    by = await boss(floor)
    lin = await floor.hire("林一")
    chat = await floor.says("v1", "灯不亮")
    assert await floor.agent_of(chat) == lin
    await floor.is_now(lin, "busy")
    su = await floor.hire("苏瑾")
    async with floor.db.transaction() as tx:
        assert await supervision.reclaim(tx, lin, note="人不在座位", waiting=True, by=by, now=floor.clock.now()) == 1
    await floor.settle()
    assert await floor.agent_of(chat) == su
    assert (await floor.row("ticket", chat.ticket_id))["agent_id"] == su
    assert await floor.loads() == await floor.counted()
    with pytest.raises(Conflict):
        async with floor.db.transaction() as tx:
            await supervision.reclaim(tx, lin, note="人不在座位", waiting=True, by=by, now=floor.clock.now())
