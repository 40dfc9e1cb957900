"""Service levels on a whole floor: from the customer's first word to the breach, to the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.desk.sla.office import HOUR, MINUTE, OFFICE, PLAIN, Office, open_office
from yizhan.desk import serving
from yizhan.desk.sla import State
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.conversations import Draft
from yizhan.records.tickets import Action, By

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
STEP = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    return await open_office(db, clock)


async def test_the_first_answer_of_a_person_meets_the_first_promise(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "怎么安装?")
    await office.floor.pass_time(5 * MINUTE)
    await office.answers(done, lin, "您好,我是智能助手", human=False)
    first = await office.target(done, "first_response")
    assert (first.state, first.due_at, first.warn_at) == (State.RUNNING, at("03-02 10:00"), at("03-02 09:54"))
    await office.answers(done, lin)
    first = await office.target(done, "first_response")
    assert (first.state, first.met_at, first.spent_s, first.breached_at) == (State.MET, office.now, 300, None)
    resolution = await office.target(done, "resolution")
    assert (resolution.state, resolution.due_at) == (State.RUNNING, at("03-03 10:30"))
    await office.floor.pass_time(30 * MINUTE)
    assert await office.told() == ["started resolution", "started first_response", "met first_response"]


async def test_every_unanswered_turn_has_its_own_promise(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "怎么安装?")
    await office.answers(done, lin)
    await office.floor.pass_time(MINUTE)
    await office.floor.says("v1", "看不懂")
    turn = office.now
    await office.floor.pass_time(MINUTE)
    await office.floor.says("v1", "第三步")  # the same turn
    following = await office.target(done, "next_response")
    assert (following.started_at, following.due_at) == (turn, turn + HOUR)
    await office.answers(done, lin)
    await office.floor.says("v1", "好的,那灯不亮呢?")
    kinds = [(each.kind.value, each.state.value) for each in await office.targets(done)]
    assert kinds == [
        ("resolution", "running"), ("first_response", "met"), ("next_response", "met"), ("next_response", "running"),
    ]  # fmt: skip


async def test_thanks_are_no_turn(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "怎么安装?")
    await office.answers(done, lin)
    await office.floor.says("v1", "好的谢谢")
    assert not any(each.open for each in await office.targets(done) if each.kind == "next_response")
    await office.floor.says("v1", "那灯不亮呢?")
    assert (await office.target(done, "next_response")).state is State.RUNNING


async def test_warning_and_breach_come_at_their_instant_and_not_before(office: Office) -> None:
    done = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(24 * MINUTE - STEP)
    assert "warned first_response" not in await office.told()
    await office.floor.pass_time(STEP)
    assert (await office.events("sla.warned"))[0]["at"] == at("03-02 09:54")
    await office.floor.pass_time(6 * MINUTE - STEP)
    assert await office.events("sla.breached") == []
    await office.floor.pass_time(STEP)
    (breach,) = await office.events("sla.breached")
    assert (breach["at"], breach["actor"]) == (at("03-02 10:00"), "timer:sla.due")
    late = await office.target(done, "first_response")
    assert (late.state, late.warned_at, late.breached_at) == (State.RUNNING, at("03-02 09:54"), at("03-02 10:00"))
    lin = await office.floor.hire("林一")
    await office.floor.pass_time(MINUTE)
    await office.answers(done, lin)
    assert (await office.events("sla.met"))[0]["data"]["late"] is True


async def test_nothing_is_late_while_the_office_is_closed(office: Office) -> None:
    await office.floor.pass_time(8 * HOUR)  # 17:30
    done = await office.floor.says("wang@example.com", "发票", mail=True)
    first = await office.target(done, "first_response")
    assert first.due_at == at("03-02 18:00")
    late = await office.floor.says("li@example.com", "退货", mail=True)
    await office.floor.pass_time(timedelta(minutes=20))
    next_morning = await office.floor.says("zhao@example.com", "换新", mail=True)
    assert (await office.target(next_morning, "first_response")).due_at == at("03-03 09:50")
    assert (await office.target(late, "resolution")).due_at == at("03-04 10:00")


async def test_waiting_for_the_customer_does_not_count(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.floor.pass_time(30 * MINUTE - SECOND)
    await office.answers(done, lin, "按说明书第三页")
    await office.moves(done, lin, Action.SOLVE)
    paused = await office.target(done, "resolution")
    assert (paused.state, paused.due_at, paused.spent_s) == (State.PAUSED, None, 1799)
    await office.floor.pass_time(25 * HOUR)  # Tuesday, 11:00 less a second
    await office.floor.says("wang@example.com", "还是不会,第三页没有图", mail=True)
    resumed = await office.target(done, "resolution")
    assert resumed.state is State.RUNNING
    # 7 h 30 min and a second are left: 1 h 0 min 1 s until noon, 4 h 30 in the afternoon, 2 h the next morning.
    assert resumed.due_at == at("03-04 11:30")
    assert [str(end - begin) for begin, end in resumed.pauses] == ["1 day, 1:00:00"]
    await office.moves(done, lin, Action.SOLVE)
    await office.moves(done, lin, Action.CONFIRM)
    met = await office.target(done, "resolution")
    assert (met.state, met.spent_s) == (State.MET, 1799)
    assert [each.state.value for each in await office.targets(done)] == ["met", "met", "cancelled"]


async def test_a_reopened_ticket_promises_a_resolution_anew(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.answers(done, lin)
    await office.moves(done, lin, Action.SOLVE)
    await office.moves(done, lin, Action.CONFIRM)
    await office.floor.pass_time(HOUR)
    await office.moves(done, lin, Action.REOPEN)
    first, again = (each for each in await office.targets(done) if each.kind == "resolution")
    assert (first.state, again.state, again.started_at) == (State.MET, State.RUNNING, office.now)
    await office.moves(done, lin, Action.CANCEL)
    assert (await office.target(done, "resolution")).cancelled_why == "cancelled"
    assert await office.db.pool.fetchval("SELECT count(*) FROM timer WHERE kind LIKE 'sla.%'") == 0


async def test_the_customer_who_comes_back_to_a_done_ticket(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.answers(done, lin)
    await office.moves(done, lin, Action.SOLVE)
    await office.moves(done, lin, Action.CONFIRM)
    await office.floor.pass_time(HOUR)
    again = await office.floor.says("wang@example.com", "又坏了,怎么办", mail=True)
    assert again.ticket_id == done.ticket_id
    open_ = [(each.kind.value, each.started_at) for each in await office.targets(done) if each.open]
    assert sorted(open_) == [("next_response", office.now), ("resolution", office.now)]


async def test_policies_and_calendars_never_move_a_running_target(office: Office) -> None:
    done = await office.floor.says("v1", "在吗")
    before = await office.targets(done)
    harsh = {**PLAIN, "targets": {"any": {"first_response": {"minutes": 1}}}}
    await office.release({"plain": harsh}, {**OFFICE, "holidays": ["2026-03-02"]})
    lin = await office.floor.hire("林一", state="offline")
    await office.changes(done, subject="安装")
    assert await office.targets(done) == before
    await office.moves(done, lin, Action.SOLVE)
    await office.floor.pass_time(10 * MINUTE)
    await office.moves(done, lin, Action.RETURN_TO_QUEUE)
    resumed = await office.target(done, "resolution")
    assert (resumed.policy_version, resumed.calendar_version) == (1, 1)
    assert resumed.due_at == at("03-03 10:40")  # by the calendar it began with: Monday is a working day
    fresh = await office.floor.says("v2", "在吗")
    assert (await office.target(fresh, "first_response")).policy_version == 2
    assert (await office.target(fresh, "first_response")).due_at == at("03-03 09:31")


async def test_a_higher_priority_promises_more_since_the_start(office: Office) -> None:
    done = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(4 * MINUTE)
    await office.changes(done, priority=3)
    stricter = await office.target(done, "first_response")
    assert (stricter.started_at, stricter.due_at, stricter.priority) == (at("03-02 09:30"), at("03-02 09:40"), 3)
    old = next(each for each in await office.targets(done) if each.cancelled_why == "priority")
    assert old.state is State.CANCELLED
    await office.changes(done, priority=1)
    assert (await office.target(done, "first_response")).due_at == stricter.due_at  # what was promised stays
    assert await office.db.pool.fetchval("SELECT count(*) FROM timer WHERE kind = 'sla.due'") == 2


async def test_another_type_alone_moves_nothing(office: Office) -> None:
    complaint = {
        **PLAIN, "order": 1, "when": {"field": "type", "op": "eq", "value": "complaint"},
        "targets": {"any": {"first_response": {"minutes": 5}}},
    }  # fmt: skip
    await office.release({"complaints": complaint})
    done = await office.floor.says("v1", "在吗")
    before = await office.target(done, "first_response")
    await office.changes(done, type="complaint")
    assert await office.target(done, "first_response") == before
    angry = await office.floor.says("v2", "我要投诉你们")
    (only,) = await office.targets(angry)
    assert (only.policy, only.due_at) == ("complaints", office.now + 5 * MINUTE)


async def test_a_merged_ticket_hands_over_who_waits(office: Office) -> None:
    lin = await office.floor.hire("林一")
    mail = await office.floor.says("wang@example.com", "发票", mail=True)
    await office.answers(mail, lin)
    await office.floor.pass_time(MINUTE)
    chat = await office.floor.says("v1", "发票开好了吗")
    assert chat.conversation_id
    assert mail.ticket_id
    assert chat.ticket_id
    await office.db.pool.execute("UPDATE contact SET person_id = (SELECT min(person_id::text)::uuid FROM contact)")
    asked = office.now
    await office.floor.pass_time(MINUTE)
    async with office.db.transaction() as tx:
        await serving.join(tx, chat.conversation_id, mail.ticket_id, by=By("test"), now=office.now)
    await office.floor.settle()
    assert {each.cancelled_why for each in await office.targets(chat)} == {"merged"}
    following = await office.target(mail, "next_response")
    assert (following.started_at, following.state) == (asked, State.RUNNING)
    async with office.db.transaction() as tx:
        await serving.unjoin(tx, chat.ticket_id, by=By("test"), now=office.now)
    await office.floor.settle()
    again = await office.target(chat, "resolution")
    assert (again.state, again.started_at) == (State.RUNNING, asked)


async def test_hundreds_that_end_in_one_second_are_one_transaction(office: Office) -> None:
    for n in range(40):
        await office.shop_says(f"v{n}", settle=False)
    await office.floor.settle()
    office.floor.clock.advance(24 * MINUTE)
    assert await office.floor.timers.fire_due(office.now) == 1
    await office.floor.settle()
    assert len(await office.events("sla.warned")) == 40
    office.floor.clock.advance(6 * MINUTE)
    assert await office.floor.timers.fire_due(office.now) == 1
    await office.floor.settle()
    assert len(await office.events("sla.breached")) == 40


async def test_what_was_answered_a_moment_ago_is_not_late(office: Office) -> None:
    """The timer strikes before the reader has seen the answer."""
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    assert done.conversation_id
    await office.floor.pass_time(30 * MINUTE - STEP)
    async with office.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{lin}", text="在的")
        await serving.reply(tx, done.conversation_id, draft, now=office.now)
    office.floor.clock.advance(STEP)
    await office.floor.timers.fire_due(office.now)
    await office.floor.settle()
    met = await office.target(done, "first_response")
    assert (met.state, met.breached_at) == (State.MET, None)
    assert await office.events("sla.breached") == []


async def test_what_was_late_before_the_timers_came_back_is_late(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    office.floor.clock.advance(45 * MINUTE)  # nobody fires
    await office.answers(done, lin)
    met = await office.target(done, "first_response")
    assert (met.state, met.breached_at) == (State.MET, at("03-02 10:00"))
    assert await office.told() == [
        "started resolution", "started first_response", "breached first_response", "met first_response",
    ]  # fmt: skip


async def test_a_new_house_has_a_standard(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, plain=False)
    done = await office.floor.says("v1", "在吗")
    first = await office.target(done, "first_response")
    assert (first.policy, first.policy_version, first.release) == ("default", 0, 0)
    assert first.due_at == office.now + HOUR
    await office.floor.pass_time(HOUR)
    assert (await office.target(done, "first_response")).breached_at == office.now
