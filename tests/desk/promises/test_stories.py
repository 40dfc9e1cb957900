"""A promise is reminded of, kept by the right answer, or late; while it is owed no silence ends anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.desk.sla.office import HOUR, MINUTE, Office, open_office
from yizhan.desk import clocks, promises, serving
from yizhan.desk.intake import Accepted
from yizhan.desk.promises import Given
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records import promises as records
from yizhan.records.conversations import Draft
from yizhan.records.promises import Promise, PromiseKind
from yizhan.records.tickets import Action


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    made = await open_office(db, clock)
    made.floor.readers += [promises.promise_reader(db, clock), clocks.clock_reader(db, clock)]
    promises.register_timers(made.floor.timers)
    clocks.register_timers(made.floor.timers)
    return made


async def promised(
    office: Office, done: Accepted, agent: UUID, due: timedelta, kind: PromiseKind = PromiseKind.REPLY
) -> Promise:
    """A reply that promises, as the composer sends it."""
    assert done.conversation_id is not None
    assert done.ticket_id is not None
    now = office.now
    async with office.db.transaction() as tx:
        said = await serving.reply(
            tx, done.conversation_id, Draft(direction="out", author=f"agent:{agent}", text="一会儿给您答复"), now=now
        )
        given = Given(text="一会儿给您答复", kind=kind, due=now + due, conversation_id=done.conversation_id,
                      message_id=said.message_id)  # fmt: skip
        made = await promises.give(tx, done.ticket_id, given, promises.promise_book(), by=agent, now=now)
    await office.floor.settle()
    return made


async def state(office: Office, promise: Promise) -> tuple[str, datetime | None]:
    async with office.db.read() as tx:
        (now,) = await records.promises_by_id(tx, [promise.id])
    return now.state.value, now.settled_at


async def notices(office: Office) -> list[tuple[str, list[str], list[str]]]:
    return [
        (e["data"]["why"], e["data"]["who"], e["data"]["agents"]) for e in await office.events("notice.raised")
        if e["data"]["why"].startswith("promise.")
    ]  # fmt: skip


async def phase(office: Office, done: Accepted) -> object:
    return (await office.floor.row("conversation", done.conversation_id))["phase"]


async def test_the_next_answer_that_is_not_of_the_same_breath_keeps_it(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    promise = await promised(office, chat, lin, 2 * HOUR)
    await office.floor.pass_time(MINUTE)
    await office.answers(chat, lin, "请您稍等")
    assert await state(office, promise) == ("open", None)
    await office.floor.pass_time(HOUR)
    await office.answers(chat, lin, "系统已为您查询", human=False)
    assert await state(office, promise) == ("open", None)
    await office.answers(chat, lin, "查到了,是灯座的问题,新的今天寄出")
    assert await state(office, promise) == ("kept", office.now)
    await office.floor.pass_time(3 * HOUR)
    assert await notices(office) == []
    (kept,) = await office.events("promise.kept")
    assert kept["data"]["in_time"] is True


async def test_reminded_then_late_then_the_lead_and_still_owed(office: Office) -> None:
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾", state="busy")
    await office.db.pool.execute("UPDATE team_member SET lead = agent_id = $1", su)
    chat = await office.floor.says("v1", "灯不亮")
    promise = await promised(office, chat, lin, HOUR, PromiseKind.CALL)
    await office.floor.pass_time(50 * MINUTE)
    await office.answers(chat, lin, "还在查")
    assert await state(office, promise) == ("open", None), "an answer is no call"
    assert [(why, who, agents) for why, who, agents in await notices(office)] == [
        ("promise.soon", ["handler"], [str(lin)])
    ]
    await office.floor.pass_time(10 * MINUTE)
    assert await state(office, promise) == ("late", None)
    await office.floor.pass_time(10 * MINUTE)
    assert [why for why, _, _ in await notices(office)] == ["promise.soon", "promise.due", "promise.late"]
    assert (await notices(office))[-1][1:] == (["lead"], [str(su)])
    async with office.db.transaction() as tx:
        locked = await records.lock_promise(tx, promise.id)
        assert locked.owed
        done = await records.keep(tx, locked, actor=f"agent:{lin}", now=office.now)
        assert (done.state, done.settled_at) == (records.PromiseState.LATE, office.now)
        with pytest.raises(Conflict):
            await records.withdraw(tx, done, reason="说错了", actor=f"agent:{lin}", now=office.now)


async def test_an_answer_that_promises_again_keeps_nothing(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    first = await promised(office, chat, lin, HOUR)
    await office.floor.pass_time(40 * MINUTE)
    second = await promised(office, chat, lin, 2 * HOUR)
    assert (await state(office, first))[0] == "open"
    await office.floor.pass_time(90 * MINUTE)
    await office.answers(chat, lin, "结果出来了")
    assert [(await state(office, each))[0] for each in (first, second)] == ["late", "kept"]


async def test_what_is_owed_is_never_ended_by_silence(office: Office) -> None:
    lin = await office.floor.hire("林一")
    owed, free = await office.floor.says("v1", "灯不亮"), await office.floor.says("v2", "水不热")
    promise = await promised(office, owed, lin, 2 * HOUR)
    await office.answers(free, lin)
    await office.floor.pass_time(20 * MINUTE)
    assert (await phase(office, owed), await phase(office, free)) == ("served", "ended")
    said = [r["text"] for r in await office.db.pool.fetch(
        "SELECT text FROM message WHERE conversation_id = $1 AND author = 'system'", owed.conversation_id)]  # fmt: skip
    assert said == [], "who waits for us is not asked whether he is there"
    assert (await office.floor.row("conversation", owed.conversation_id))["asleep"], "his place is free meanwhile"
    await office.floor.pass_time(2 * HOUR)
    assert await phase(office, owed) == "served"
    async with office.db.transaction() as tx:
        locked = await records.lock_promise(tx, promise.id)
        await records.withdraw(tx, locked, reason="客户说不用了", actor=f"agent:{lin}", now=office.now)
    await office.floor.pass_time(20 * MINUTE)
    assert await phase(office, owed) == "ended"


async def test_a_ticket_that_is_over_owes_nothing_and_none_is_closed_by_a_timer_before(office: Office) -> None:
    lin = await office.floor.hire("林一")
    one, two = await office.floor.says("v1", "灯不亮"), await office.floor.says("v2", "水不热")
    kept, gone = await promised(office, one, lin, 30 * HOUR), await promised(office, two, lin, 30 * HOUR)
    await office.moves(one, lin, Action.SOLVE)
    await office.moves(two, lin, Action.CANCEL)
    assert (await state(office, gone))[0] == "withdrawn"
    await office.floor.pass_time(25 * HOUR)
    assert (await office.floor.row("ticket", one.ticket_id))["status"] == "pending"
    await office.moves(one, lin, Action.CONFIRM)
    assert (await state(office, kept))[0] == "kept"


async def test_nobody_promises_the_past_or_nothing(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    assert chat.ticket_id is not None
    for given in (
        Given(text="回电", kind=PromiseKind.CALL, due=office.now),
        Given(text=" ", kind=PromiseKind.CALL, due=office.now + HOUR),
        Given(text="回电", kind=PromiseKind.CALL, due=office.now + timedelta(days=100)),
    ):
        with pytest.raises(Invalid):
            async with office.db.transaction() as tx:
                await promises.give(tx, chat.ticket_id, given, promises.promise_book(), by=lin, now=office.now)
