"""Shifts run: duty, the last quarter of an hour, breaks in turn, half a minute after a call, and the night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.roster.station import MINUTE, Station, open_station
from yizhan.desk import notices, roster
from yizhan.desk.roster import BreakFull, waking
from yizhan.desk.routing import RoutingDocument, compile_routing
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records import agents, rosters
from yizhan.records.agents import PresenceState
from yizhan.records.config import Body, FaultLog

SECOND = timedelta(seconds=1)


@pytest.fixture
async def station(db: Database, clock: FakeClock) -> Station:
    return await open_station(db, clock)


async def test_nothing_live_is_given_in_the_last_quarter_of_an_hour(station: Station) -> None:
    lin = await station.floor.hire("林一")
    await station.plan(lin, "09:00", "18:00")
    assert [e["kind"] for e in await station.events("shift.added", "shift.began")] == ["shift.added", "shift.began"]
    first = await station.says("v1", "灯不亮")
    assert await station.floor.agent_of(first) == lin
    await station.until("17:44")
    assert await station.floor.agent_of(await station.says("v2", "灯也不亮")) == lin
    await station.until("17:45")
    assert (await station.notices())[-1] == ("shift.winding_down", [lin])
    late = await station.says("v3", "没有声音")
    assert await station.floor.agent_of(late) is None
    mail = await station.floor.says("m@x.cn", "发票", mail=True)
    assert (await station.floor.row("ticket", mail.ticket_id))["agent_id"] == lin
    gao = await station.floor.hire("高远")
    assert await station.floor.agent_of(late) == gao
    with pytest.raises(Conflict):
        async with station.floor.db.read() as tx:
            await roster.ensure_not_leaving(tx, lin, station.now + 11 * MINUTE, station.book)
    await station.until("18:00")
    assert [e["kind"] for e in await station.events("shift.winding_down", "shift.ended")] == [
        "shift.winding_down", "shift.ended",
    ]  # fmt: skip


async def test_whose_next_shift_follows_goes_on_and_a_moved_shift_forgets_its_old_end(station: Station) -> None:
    lin = await station.floor.hire("林一")
    early = await station.plan(lin, "09:00", "12:00")
    await station.plan(lin, "12:00", "15:00")
    await station.until("11:50")
    assert await station.floor.agent_of(await station.says("v1", "灯不亮")) == lin
    async with station.floor.db.transaction() as tx:
        late = (await rosters.shifts_between(tx, station.now, station.now + timedelta(days=1)))[1]
        longer = rosters.hours_of(late)
        longer = type(longer)(**{**{f: getattr(longer, f) for f in longer.__struct_fields__},
                                 "until": longer.until.replace(hour=17)})  # fmt: skip
        await rosters.change_shift(tx, late.id, longer, expected=1, by="test", now=station.now)
        assert early.id != late.id
    await station.until("14:50")
    assert await station.floor.agent_of(await station.says("v2", "灯不亮")) == lin
    assert await station.events("shift.winding_down") == []


async def test_with_only_on_duty_nobody_works_outside_his_shift(station: Station) -> None:
    station.rule(only_on_duty=True)
    lin, gao = await station.floor.hire("林一"), await station.floor.hire("高远")
    await station.plan(gao, "09:00", "18:00")
    assert await station.floor.agent_of(await station.says("v1", "灯不亮")) == gao
    station.floor.router.reconsider()
    await station.is_now(gao, "offline")
    waiting = await station.says("v2", "也不亮")
    assert await station.floor.agent_of(waiting) is None
    await station.plan(lin, "09:00", "18:00")
    assert await station.floor.agent_of(waiting) == lin


async def test_breaks_are_taken_in_turn(station: Station) -> None:
    station.rule(break_quota=1)
    lin, gao, su = [await station.floor.hire(name) for name in ("林一", "高远", "苏瑾")]
    await station.is_now(lin, "break", "meal")
    with pytest.raises(BreakFull):
        await station.is_now(gao, "break", "meal")
    for each in (gao, su):
        async with station.floor.db.transaction() as tx:
            state = await roster.join_line(tx, each, "meal", now=station.now, by="test", book=station.book)
        station.floor.clock.advance(MINUTE)
    assert (state.place, state.waiting, state.resting) == (2, 2, ("林一",))
    await station.is_now(lin, "online")
    assert (await station.notices())[-1] == ("break.your_turn", [gao])
    with pytest.raises(BreakFull):
        await station.is_now(su, "break", "meal")
    await station.pass_time(2 * MINUTE)
    assert (await station.notices())[-1] == ("break.your_turn", [su])
    await station.is_now(su, "break", "meal")
    async with station.floor.db.read() as tx:
        assert (await roster.break_state(tx, su, station.book)).waiting == 0
        told = await agents.time_in_states(tx, station.now - timedelta(hours=1), station.now + MINUTE, station.now)
    assert told[lin]["break"] == 120


async def test_after_a_call_half_a_minute_once_more_and_then_online(station: Station) -> None:
    lin = await station.floor.hire("林一", state="call")
    async with station.floor.db.transaction() as tx:
        await agents.set_presence(tx, lin, PresenceState.WRAPUP, None, station.now, "phone")
    await station.pass_time(timedelta(seconds=20))
    async with station.floor.db.transaction() as tx:
        await roster.extend_wrap_up(tx, lin, now=station.now, by="test", book=station.book)
    await station.pass_time(timedelta(seconds=20))
    assert await station.state(lin) == "wrapup"
    with pytest.raises(Conflict):
        async with station.floor.db.transaction() as tx:
            await roster.extend_wrap_up(tx, lin, now=station.now, by="test", book=station.book)
    await station.pass_time(timedelta(seconds=10))
    assert await station.state(lin) == "online"


async def test_after_a_chat_as_long_as_the_rules_of_routing_say_and_once_more(station: Station) -> None:
    lin = await station.floor.hire("林一", state="online")
    rules = compile_routing([RoutingDocument(wrap_up_s={"webchat": 40})], "test")
    assert (rules.wrap_up("webchat"), rules.wrap_up("sms"), rules.wrap_up("call")) == (40 * SECOND, 0 * SECOND, None)
    async with station.floor.db.transaction() as tx:
        for channel, state in (("sms", "online"), ("webchat", "wrapup")):
            span = rules.wrap_up(channel) or timedelta()
            await roster.begin_wrap_up(tx, lin, channel, span, now=station.now, by="test")
            said = await agents.presence_of(tx, lin)
            assert said is not None
            assert said.state == state
    await station.pass_time(35 * SECOND)
    assert await station.state(lin) == "wrapup"
    async with station.floor.db.transaction() as tx:
        await roster.extend_wrap_up(
            tx, lin, now=station.now, by="test", book=station.book, spans=lambda team, channel: rules.wrap_up(channel)
        )
    await station.pass_time(39 * SECOND)
    assert await station.state(lin) == "wrapup"
    await station.pass_time(1 * SECOND)
    assert await station.state(lin) == "online"


async def test_a_night_message_calls_who_is_on_call_then_the_next_then_the_lead(station: Station) -> None:
    floor = station.floor
    lin, gao, su = [await floor.hire(name, state="offline") for name in ("林一", "高远", "苏瑾")]
    await floor.db.pool.execute("UPDATE team_member SET lead = true WHERE agent_id = $1", su)
    await station.plan(lin, "20:00", "08:00", "on_call")
    await station.plan(gao, "20:30", "08:00", "on_call")
    await station.until("23:00")
    calm = await station.says("v0", "电热毯不热了")
    assert (station.promised, await station.notices()) == ([calm.conversation_id], [])
    chat = await station.says("v1", "电热毯着火了")
    call = (await station.events("notice.raised"))[-1]["data"]
    assert (call["why"], call["how"], call["who"], call["agents"]) == (
        "roster.night_message", "call", ["on_call"], [str(lin)],
    )  # fmt: skip
    told = await floor.db.pool.fetchval("SELECT payload->>'code' FROM message WHERE direction = 'system'")
    assert told == "night_called"
    await station.says("v2", "插座冒烟了")
    assert len(await station.notices()) == 1  # one call a team at a time
    await station.pass_time(5 * MINUTE)
    await station.pass_time(5 * MINUTE)
    assert [agent for _, (agent,) in await station.notices()] == [lin, gao, su]
    await station.is_now(lin, "online")
    assert await floor.agent_of(chat) == lin
    assert [(e["agent_id"], e["data"]["seconds"]) for e in await station.events("duty.answered")] == [(lin, 600)]


async def test_who_says_that_he_has_it_is_given_as_long_again_to_come(station: Station) -> None:
    floor = station.floor
    lin, gao = [await floor.hire(name, state="offline") for name in ("林一", "高远")]
    floor.readers.append(notices.notice_reader(floor.db, floor.clock))
    await station.plan(lin, "20:00", "08:00", "on_call")
    await station.plan(gao, "20:30", "08:00", "on_call")
    await station.until("23:00")
    await station.says("v1", "电热毯着火了")
    await station.pass_time(2 * MINUTE)
    async with floor.db.transaction() as tx:
        [call] = await notices.calls(tx, lin, station.now)
        await notices.acknowledge(tx, lin, call.id, now=station.now)
    await station.pass_time(3 * MINUTE)
    assert [agent for _, (agent,) in await station.notices()] == [lin]
    await station.pass_time(5 * MINUTE)
    assert [agent for _, (agent,) in await station.notices()] == [lin, gao]
    await station.is_now(gao, "online")
    async with floor.db.read() as tx:
        assert [await notices.calls(tx, who, station.now) for who in (lin, gao)] == [[], []]


async def test_while_somebody_is_there_or_nobody_is_on_call_nobody_is_called(station: Station) -> None:
    floor = station.floor
    lin = await floor.hire("林一", live_cap=0)
    gao = await floor.hire("高远", state="offline")
    await station.plan(gao, "20:00", "08:00", "on_call")
    await station.until("23:00")
    await station.says("v1", "插座着火了")
    assert await station.notices() == []
    station.rule(night="leave_message")
    await station.is_now(lin, "offline")
    assert await station.notices() == []
    async with floor.db.read() as tx:
        for book, reached in ((station.book, False), (roster.roster_book(), True)):
            said = await roster.answers_at_night(tx, floor.shop.chat, floor.shop.team, book, station.now)
            assert said is reached
    station.rule(night="on_call")
    await station.pass_time(timedelta(0))
    station.night._changed = True
    await station.pass_time(timedelta(0))
    assert await station.notices() == [("roster.night_message", [gao])]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"night": "on_call", "wakes": []}, "wakes"),
        ({"wakes": [{"key": "a"}, {"key": "a"}]}, "wakes[1].key"),
        ({"wakes": [{"key": "a", "when": {"field": "mood", "op": "is_set"}}]}, "wakes[0].when.field"),
    ],
)
def test_what_wakes_nobody_or_makes_no_sense_is_refused(body: Body, place: str) -> None:
    with pytest.raises(Invalid) as told:
        roster.ROSTER.decode(body)
    assert told.value.field == place


async def test_rules_may_name_more_than_danger_and_one_that_fails_wakes_nobody(station: Station) -> None:
    gao = await station.floor.hire("高远", state="offline")
    await station.plan(gao, "20:00", "08:00", "on_call")
    await station.until("23:00")
    refund = {"key": "refund", "when": {"field": "types", "op": "contains", "value": "refund"}}
    station.rule(night="on_call", wakes=[refund])
    calm = await station.says("v1", "什么时候发货")
    assert station.promised == [calm.conversation_id]
    await station.says("v2", "我要退款")
    assert await station.notices() == [("roster.night_message", [gao])]

    def fails(facts: object) -> bool:
        raise ValueError("never mind")

    log, broken = FaultLog(), waking.Woken("broken", frozenset(), fails)
    async with station.floor.db.transaction() as tx:
        assert calm.conversation_id is not None
        woken = await waking.wakes(
            tx, calm.conversation_id, [broken], station.now, faults=log, source="roster/default@1"
        )
        await log.tell(tx, actor="test", now=station.now)
    assert not woken
    await station.pass_time(timedelta(0))
    assert [e["data"]["rule"] for e in await station.events("rule.failed")] == ["broken"]


async def test_who_is_on_leave_is_not_on_duty(station: Station) -> None:
    lin = await station.floor.hire("林一")
    await station.plan(lin, "09:00", "18:00")
    async with station.floor.db.transaction() as tx:
        new = rosters.NewLeave(
            agent_id=lin, kind=rosters.LeaveKind.SICK, starts_at=station.now, ends_at=station.now + 60 * MINUTE,
            tz="Asia/Shanghai",
        )  # fmt: skip
        _, uncovered = await rosters.add_leave(tx, new, by="test", now=station.now)
        assert [s.agent_id for s in uncovered] == [lin]
        assert await rosters.on_duty(tx, station.now) == []
        with pytest.raises(Conflict, match="林一: overlaps with 2026-03-02 09:00–18:00"):
            await rosters.add_shifts(tx, [rosters.hours_of(uncovered[0])], by="test", now=station.now)
        later = station.now + 61 * MINUTE
        assert [d.agent_id for d in await rosters.on_duty(tx, later)] == [lin]
