"""The clocks on a whole floor: timers fire, the router frees and fills places."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import clocks, routing, serving
from yizhan.desk.clocks import LifeSigns
from yizhan.desk.intake import Accepted
from yizhan.foundation.bus import LocalBus
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import conversations
from yizhan.records.conversations import Draft, Rating
from yizhan.records.tickets import Action, By

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)])
    clocks.register_timers(floor.timers)
    routing.register_timers(floor.timers)
    return floor


@pytest.fixture
async def watched(db: Database, clock: FakeClock) -> tuple[Floor, LifeSigns, LifeSigns]:
    """A floor whose clocks ask the signs of life, and another process that hears the visitors."""
    bus = LocalBus()
    here, elsewhere = LifeSigns(bus, clock), LifeSigns(bus, clock)
    here.listen()
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)])
    clocks.register_timers(floor.timers, signs=here)
    return floor, here, elsewhere


async def answer(floor: Floor, done: Accepted, agent: UUID, text: str = "马上为您查") -> None:
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{agent}", text=text)
        await serving.reply(tx, done.conversation_id, draft, now=floor.clock.now())
    await floor.settle()


async def lines(floor: Floor, done: Accepted) -> list[str]:
    return [r["text"] for r in await floor.db.pool.fetch(
        "SELECT text FROM message WHERE conversation_id = $1 AND author = 'system' ORDER BY id", done.conversation_id
    )]  # fmt: skip


async def test_a_silent_customer_is_asked_sleeps_and_is_seen_off(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    done = await floor.says("v1", "怎么安装?")
    waiting = await floor.says("v2", "在吗")
    await answer(floor, done, lin)
    await floor.pass_time(2 * MINUTE)
    assert await lines(floor, done) == []
    await floor.pass_time(MINUTE)
    assert await lines(floor, done) == ["请问还在吗?"]
    assert await floor.agent_of(waiting) is None
    await floor.pass_time(2 * MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["asleep"] is True
    assert await floor.agent_of(waiting) == lin  # the slot is free and the next one served
    await floor.pass_time(10 * MINUTE)
    ended = await floor.row("conversation", done.conversation_id)
    assert (ended["phase"], ended["end_reason"]) == ("ended", "timeout")
    assert len(await lines(floor, done)) == 2
    assert (await floor.row("ticket", done.ticket_id))["status"] == "pending"
    outbound = "SELECT count(*) FROM outbound WHERE conversation_id = $1"
    assert await floor.db.pool.fetchval(outbound, done.conversation_id) == 3
    assert await floor.loads() == await floor.counted()


async def test_the_wechat_family_is_not_asked_and_ends_after_two_hours(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    await floor.db.pool.execute("UPDATE conversation SET channel = 'wechat_kf' WHERE id = $1", done.conversation_id)
    await answer(floor, done, lin)
    await floor.pass_time(119 * MINUTE)
    now = await floor.row("conversation", done.conversation_id)
    assert (now["phase"], now["asleep"], await lines(floor, done)) == ("served", True, [])
    await floor.pass_time(MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "timeout"
    assert len(await lines(floor, done)) == 1


async def test_nobody_is_asked_who_spoke_last(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    await answer(floor, done, lin)
    await floor.pass_time(2 * MINUTE)
    await floor.says("v1", "还是不会")
    await answer(floor, done, lin, "请看图")
    await floor.says("v1", "看不懂")
    await floor.pass_time(timedelta(seconds=100))
    await answer(floor, done, lin, "我打电话给您")
    await floor.says("v1", "好")
    floor.clock.advance(timedelta(seconds=1))
    await floor.says("v1", "什么时候打?")
    await floor.pass_time(60 * MINUTE)
    assert await lines(floor, done) == []
    assert (await floor.row("conversation", done.conversation_id))["phase"] != "ended"


async def test_a_sleeper_comes_back_to_the_same_agent_one_over_the_cap(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    su = await floor.hire("苏瑾", live_cap=0)
    done = await floor.says("v1", "怎么安装?")
    await answer(floor, done, lin)
    await floor.pass_time(6 * MINUTE)
    other = await floor.says("v2", "在吗")
    assert await floor.agent_of(other) == lin
    await floor.says("v1", "我回来了")
    back = await floor.row("conversation", done.conversation_id)
    assert (back["agent_id"], back["phase"], back["asleep"]) == (lin, "served", False)
    assert await floor.loads() == {lin: (2, 0), su: (0, 0)} == await floor.counted()
    third = await floor.says("v3", "有人吗")
    assert await floor.agent_of(third) is None


async def test_a_second_sleeper_goes_to_the_front(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    sleepers = []
    for who in ("v1", "v2"):
        done = await floor.says(who, "怎么安装?")
        await answer(floor, done, lin)
        await floor.pass_time(6 * MINUTE)
        sleepers.append(done)
    await floor.says("v3", "在吗")  # served: 1/1
    queued = await floor.says("v4", "在吗")
    await floor.says("v1", "我回来了")  # 2/1
    await floor.says("v2", "我也回来了")  # to the queue
    late = await floor.row("conversation", sleepers[1].conversation_id)
    assert (late["phase"], late["agent_id"], late["needs"]["front"]) == ("queued", None, True)  # type: ignore[index]
    gao = await floor.hire("高远", live_cap=1)
    assert await floor.agent_of(sleepers[1]) == gao
    assert await floor.agent_of(queued) is None


async def test_an_answer_that_stands_closes_the_ticket(floor: Floor) -> None:
    lin = await floor.hire("林一")
    mail = await floor.says("wang@example.com", "怎么安装?", mail=True)
    assert mail.ticket_id is not None
    await answer(floor, mail, lin, "按说明书第三页")
    async with floor.db.transaction() as tx:
        by = By(f"agent:{lin}", lin)
        await serving.move(tx, mail.ticket_id, Action.SOLVE, text="已告知步骤", by=by, now=floor.clock.now())
    await floor.settle()
    await floor.pass_time(timedelta(hours=71))
    assert (await floor.row("ticket", mail.ticket_id))["status"] == "pending"
    await floor.pass_time(timedelta(hours=1))
    assert (await floor.row("ticket", mail.ticket_id))["status"] == "done"
    assert (await floor.row("conversation", mail.conversation_id))["end_reason"] == "ticket"
    note = await floor.db.pool.fetchrow("SELECT text, actor FROM note ORDER BY id DESC LIMIT 1")
    assert note is not None
    assert (note["text"], note["actor"]) == ("客户 72 小时内未提出异议,自动确认完成", "timer:clocks.confirm")


async def test_a_complaint_is_never_closed_by_time(floor: Floor) -> None:
    lin = await floor.hire("林一")
    mail = await floor.says("wang@example.com", "我要投诉你们", mail=True)
    assert mail.ticket_id is not None
    async with floor.db.transaction() as tx:
        by = By(f"agent:{lin}", lin)
        text = "已致歉并补寄配件给客户"
        await serving.move(tx, mail.ticket_id, Action.SOLVE, text=text, by=by, now=floor.clock.now())
    await floor.settle()
    await floor.pass_time(timedelta(days=30))
    assert (await floor.row("ticket", mail.ticket_id))["status"] == "pending"


@pytest.mark.parametrize(
    ("rating", "status"),
    [(Rating(True, 5), "done"), (Rating(None, 4), "done"), (Rating(False, 5), "open"), (Rating(None, 3), "pending")],
)
async def test_a_rating_speaks_for_the_ticket(floor: Floor, rating: Rating, status: str) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    assert done.conversation_id is not None
    await answer(floor, done, lin)
    now = floor.clock.now()
    async with floor.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, done.conversation_id)
        summary, _ = await serving.proposed_summary(tx, c)
        await serving.end(tx, c.id, summary, typed=False, by=By(f"agent:{lin}", lin), now=now)
        await conversations.rate_conversation(tx, c, rating, actor=f"customer:{c.contact_id}", now=now)
    await floor.settle()
    await floor.pass_time(timedelta(seconds=1))
    assert (await floor.row("ticket", done.ticket_id))["status"] == status


async def test_who_leaves_the_queue_is_an_abandoned_conversation(floor: Floor) -> None:
    done = await floor.says("v1", "有人吗")
    back = await floor.says("v2", "有人吗")
    assert done.conversation_id is not None
    assert back.conversation_id is not None
    async with floor.db.transaction() as tx:
        await clocks.left_queue(tx, done.conversation_id, now=floor.clock.now())
        await clocks.left_queue(tx, back.conversation_id, now=floor.clock.now())
        await clocks.came_back(tx, back.conversation_id)
    await floor.pass_time(3 * MINUTE)
    ended = await floor.row("conversation", done.conversation_id)
    assert (ended["phase"], ended["end_reason"]) == ("ended", "abandoned")
    assert (await floor.row("conversation", back.conversation_id))["phase"] == "queued"
    lin = await floor.hire("林一")
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == lin  # for a follow-up


async def test_within_the_grace_nobody_has_left(floor: Floor) -> None:
    done = await floor.says("v1", "有人吗")
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        await clocks.left_queue(tx, done.conversation_id, now=floor.clock.now())
    await floor.pass_time(3 * MINUTE - timedelta(seconds=1))
    assert (await floor.row("conversation", done.conversation_id))["phase"] == "queued"
    await floor.says("v1", "还在排队吗")  # he wrote by another line: that is no leaving
    await floor.pass_time(3 * MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["phase"] == "queued"


async def test_another_tab_of_his_keeps_his_place(watched: tuple[Floor, LifeSigns, LifeSigns]) -> None:
    floor, _, elsewhere = watched
    done = await floor.says("v1", "有人吗")
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        await clocks.left_queue(tx, done.conversation_id, now=floor.clock.now())
    floor.clock.advance(MINUTE)
    await elsewhere.here(done.conversation_id)
    await asyncio.sleep(0)
    await floor.pass_time(2 * MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["phase"] == "queued"


async def test_a_process_that_has_just_begun_gives_the_grace_anew(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    done = await floor.says("v1", "有人吗")
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        await clocks.left_queue(tx, done.conversation_id, now=clock.now())
    clock.advance(timedelta(hours=1))  # nobody ran: the house was being repaired
    clocks.register_timers(floor.timers, signs=LifeSigns(LocalBus(), clock))
    await floor.pass_time(3 * MINUTE - timedelta(seconds=1))
    assert (await floor.row("conversation", done.conversation_id))["phase"] == "queued"
    await floor.pass_time(timedelta(seconds=1))
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "abandoned"


async def test_who_types_or_uploads_is_not_silent(watched: tuple[Floor, LifeSigns, LifeSigns]) -> None:
    floor, _, elsewhere = watched
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    assert done.conversation_id is not None
    await answer(floor, done, lin)
    for _ in range(100):  # a long letter
        await elsewhere.here(done.conversation_id, busy=True)
        await asyncio.sleep(0)
        await floor.pass_time(timedelta(seconds=10))
    row = await floor.row("conversation", done.conversation_id)
    assert (row["phase"], row["asleep"]) == ("served", False)
    assert await lines(floor, done) == []
    await floor.pass_time(20 * MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "timeout"
    assert (await lines(floor, done))[0] == "请问还在吗?"


async def test_nobody_is_seen_off_while_his_line_has_just_dropped(watched: tuple[Floor, LifeSigns, LifeSigns]) -> None:
    floor, _, elsewhere = watched
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    assert done.conversation_id is not None
    await answer(floor, done, lin)
    await floor.pass_time(14 * MINUTE)
    await elsewhere.dropped(done.conversation_id)
    await asyncio.sleep(0)
    await floor.pass_time(2 * MINUTE)  # 16 minutes of silence, the line gone for two
    assert (await floor.row("conversation", done.conversation_id))["phase"] == "served"
    await floor.pass_time(MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "timeout"


async def test_who_is_back_on_the_line_is_only_silent(watched: tuple[Floor, LifeSigns, LifeSigns]) -> None:
    floor, here, elsewhere = watched
    lin = await floor.hire("林一")
    done = await floor.says("v1", "怎么安装?")
    assert done.conversation_id is not None
    await answer(floor, done, lin)
    await floor.pass_time(14 * MINUTE)
    await elsewhere.dropped(done.conversation_id)
    await elsewhere.here(done.conversation_id)
    await asyncio.sleep(0)
    assert here.back_by(done.conversation_id, clocks.LINE_GRACE, floor.clock.now()) is None
    await floor.pass_time(MINUTE)
    assert (await floor.row("conversation", done.conversation_id))["end_reason"] == "timeout"


async def test_no_first_reply_moves_on_twice_then_calls_the_supervisor(floor: Floor) -> None:
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾")
    done = await floor.says("v1", "在吗")
    first = await floor.agent_of(done)
    await floor.pass_time(2 * MINUTE)
    second = await floor.agent_of(done)
    assert {first, second} == {lin, su}
    await floor.pass_time(2 * MINUTE)
    assert await floor.agent_of(done) is not None
    await floor.pass_time(2 * MINUTE)
    assert "conversation.overdue" in await floor.kinds()
    await floor.pass_time(10 * MINUTE)
    moves = "SELECT count(*) FROM assignment WHERE end_reason = 'missed' AND work = 'conversation'"
    assert await floor.db.pool.fetchval(moves) == 2
    assert await floor.loads() == await floor.counted()


async def test_two_misses_in_a_row_make_an_agent_busy(floor: Floor) -> None:
    lin = await floor.hire("林一")
    await floor.says("v1", "在吗")
    await floor.says("v2", "在吗")
    await floor.pass_time(2 * MINUTE)
    row = await floor.db.pool.fetchrow("SELECT state, reason FROM presence WHERE agent_id = $1", lin)
    assert row is not None
    assert (row["state"], row["reason"]) == ("busy", "missed")


async def test_who_waits_hears_two_different_lines(floor: Floor) -> None:
    done = await floor.says("v1", "有人吗")
    await floor.pass_time(timedelta(seconds=59))
    assert await lines(floor, done) == []
    await floor.pass_time(timedelta(seconds=1))
    assert len(await lines(floor, done)) == 1
    await floor.pass_time(10 * MINUTE)
    said = await lines(floor, done)
    assert len(said) == len(set(said)) == 2
    waiting = await floor.row("conversation", done.conversation_id)
    assert waiting["first_response_at"] is None
    assert waiting["waiting_since"] is not None


async def test_who_is_served_at_once_hears_nothing(floor: Floor) -> None:
    await floor.hire("林一")
    done = await floor.says("v1", "有人吗")
    await floor.pass_time(timedelta(seconds=100))
    assert await lines(floor, done) == []
