"""Customers meet the assistant: it answers what it was taught, and whoever needs a person reaches one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk.intake.samples import says
from tests.desk.reception.counter import Counter, open_counter
from yizhan.desk import reception, routing, serving, supervision
from yizhan.desk.reception import Attendance
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.journal import entries_of_kinds
from yizhan.records.agents import Scope, Viewer
from yizhan.records.conversations import EndReason

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def counter(db: Database, clock: FakeClock) -> Counter:
    return await open_counter(db, clock)


async def test_a_known_question_is_answered_by_name_and_the_customer_says_solved(counter: Counter) -> None:
    await counter.floor.hire("林一")
    done = await counter.says("v1", "退款多久到账")
    chat = await counter.chat(done)
    assert (chat["phase"], chat["agent_id"], chat["ready"], chat["first_response_at"]) == ("bot", None, False, None)
    (answer,) = await counter.said(done)
    assert (answer["author"], answer["text"]) == ("bot", "1-3 个工作日原路退回。")
    told = answer["payload"]["reception"]
    assert (told["outcome"], told["entry"], told["title"]) == ("answered", "refund", "退款多久到账?")
    assert answer["payload"]["options"] == ["已解决", "没解决", "转人工"]
    await counter.says("v1", "已解决")
    chat, ticket = await counter.chat(done), await counter.ticket(done)
    assert (chat["phase"], chat["end_reason"], chat["first_response_at"]) == ("ended", "customer", None)
    assert (ticket["status"], ticket["agent_id"]) == ("done", None)
    assert "reception.solved" in await counter.floor.kinds()


async def test_below_the_bar_it_offers_and_then_hands_on(counter: Counter) -> None:
    lin = await counter.floor.hire("林一")
    first = counter.now
    done = await counter.says("v1", "我上周退的货那个钱到现在还没有看到是不是要等很久")
    (offered,) = await counter.said(done)
    assert offered["payload"]["options"][-1] == "转人工"
    counter.floor.clock.advance(2 * MINUTE)
    await counter.says("v1", "我的会员等级怎么突然掉了")
    chat = await counter.chat(done)
    assert (chat["phase"], chat["agent_id"], chat["seniority"]) == ("served", lin, first)
    assert chat["waiting_since"] == first + 2 * MINUTE
    assert (await counter.ticket(done))["ready"]
    assert await counter.notes(done) == ["智能助手转人工(没有找到答案),未能答复"]
    assert [line["payload"]["code"] for line in await counter.said(done, "system")] == ["handing"]


async def test_what_was_offered_is_answered_when_chosen(counter: Counter) -> None:
    done = await counter.says("v1", "发票的事情")
    (offered,) = await counter.said(done)
    choice = offered["payload"]["options"][0]
    assert choice == "怎么申请电子发票?"
    await counter.says("v1", choice)
    assert [line["payload"]["reception"]["outcome"] for line in await counter.said(done)] == ["suggested", "answered"]
    await counter.says("v1", "没解决")
    assert (await counter.chat(done))["phase"] == "queued"
    assert await counter.notes(done) == ["智能助手转人工(客户表示未解决),已答复:怎么申请电子发票?"]


async def test_what_the_gate_remembers_for_a_second_overloads_nobody(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="unattended")
    lin = await counter.floor.hire("林一", live_cap=2)
    first = await counter.says("v0", "请问发货了吗")
    counter.there[0] = Attendance(open=True, staffed=False)  # the queue is full; the gate does not know it yet
    rush = [await counter.says(f"v{n}", "请问发货了吗") for n in range(1, 6)]
    assert (await counter.floor.loads())[lin][0] == 2  # nobody carries more than he may, and the rest waits in order
    assert [(await counter.chat(done))["phase"] for done in (first, *rush)] == ["served"] * 2 + ["queued"] * 4
    clock.advance(timedelta(seconds=1))
    assert (await counter.chat(await counter.says("v9", "请问发货了吗")))["phase"] == "bot"


@pytest.mark.parametrize(
    ("text", "why"),
    [("我要投诉你们", "complaint"), ("插座冒烟了", "words"), ("转人工", "asked"), ("再不处理我打12315", "words")],
)
async def test_what_is_a_persons_never_meets_the_assistant(counter: Counter, text: str, why: str) -> None:
    lin = await counter.floor.hire("林一")
    done = await counter.says("v1", text)
    assert (await counter.chat(done))["agent_id"] == lin
    assert await counter.said(done) == []
    later = await counter.says("v2", "退款多久到账")
    await counter.says("v2", text)
    assert (await counter.chat(later))["agent_id"] == lin
    assert await counter.floor.db.pool.fetchval("SELECT data FROM event WHERE kind = 'reception.handed'") == {
        "why": why, "left": False, "turns": 1,
    }  # fmt: skip


async def test_the_button_reaches_a_person_and_only_once(counter: Counter) -> None:
    lin = await counter.floor.hire("林一")
    done = await counter.says("v1", "退款多久到账")
    await counter.asks_person(done)
    await counter.asks_person(done)
    assert (await counter.chat(done))["agent_id"] == lin
    assert (await counter.floor.kinds()).count("reception.handed") == 1


async def test_who_queues_asks_the_assistant_meanwhile_and_keeps_his_place(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="bot_first")
    first = await counter.says("v1", "退款多久到账")
    counter.floor.clock.advance(MINUTE)
    second = await counter.says("v2", "在吗")
    assert [(await counter.chat(c))["phase"] for c in (first, second)] == ["queued", "queued"]
    await counter.asks_assistant(first)
    assert (await counter.chat(first))["phase"] == "bot"
    (answer,) = await counter.said(first)
    assert "原路退回" in answer["text"]
    await counter.asks_person(first)
    async with db.transaction() as tx:
        places = await routing.queue_states(tx, [first.conversation_id, second.conversation_id], now=clock.now())  # type: ignore[list-item]
    assert [places[c.conversation_id].position for c in (first, second)] == [1, 2]  # type: ignore[index]
    await counter.asks_assistant(first)
    told = (await counter.said(first))[-1]  # what was answered is not answered again
    assert told["payload"]["options"] == ["转人工"]


async def test_danger_stays_in_the_queue_whatever_is_pressed(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="bot_first")
    fire = await counter.says("v1", "插座着火了")
    await counter.asks_assistant(fire)
    assert (await counter.chat(fire))["phase"] == "queued"
    (line,) = await counter.said(fire, "system")
    assert "人工客服" in line["text"]


async def test_nobody_there_leaves_the_words_with_a_promise(counter: Counter) -> None:
    counter.there[0] = Attendance(open=False, staffed=False, reply_by="明早 9:30")
    done = await counter.says("v1", "退款多久到账")
    await counter.says("v1", "转人工")
    chat = await counter.chat(done)
    assert (chat["phase"], chat["end_reason"]) == ("ended", "message")
    (line,) = await counter.said(done, "system")
    assert "明早 9:30" in line["text"]
    assert (await counter.ticket(done))["ready"]


async def test_at_night_danger_wakes_who_is_on_call_and_other_matters_do_not(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="unattended")
    counter.there[0] = Attendance(open=False, staffed=False, on_call=True, reply_by="明早 9:30")
    fire = await counter.says("v1", "插座着火了")
    assert (await counter.chat(fire))["phase"] == "queued"
    complaint = await counter.says("v2", "我要投诉")
    assert (await counter.chat(complaint))["phase"] == "queued"  # the watch judges it, after triage
    await counter.leaves(complaint)
    assert (await counter.chat(complaint))["end_reason"] == "message"
    (line,) = await counter.said(complaint, "system")
    assert "明早 9:30" in line["text"]
    question = await counter.says("v3", "退款多久到账")
    assert (await counter.chat(question))["phase"] == "bot"
    counter.there[0] = Attendance(open=True, staffed=True)
    counter.floor.clock.advance(2 * MINUTE)
    day = await counter.says("v4", "退款多久到账")
    assert (await counter.chat(day))["phase"] == "queued"


async def test_a_supervisor_wants_the_assistant_first_for_a_while(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="bot_first")
    lead = await counter.floor.hire("苏瑾")
    viewer = Viewer(agent_id=lead, name="苏瑾", permissions=frozenset(), scope=Scope.ALL)
    before = await counter.says("v1", "退款多久到账")
    assert (await counter.chat(before))["agent_id"] == lead
    async with db.transaction() as tx:
        await supervision.bot_first(tx, counter.floor.shop.team, minutes=30, by=viewer, now=counter.now)
    counter.floor.clock.advance(timedelta(seconds=2))
    during = await counter.says("v2", "退款多久到账")
    assert (await counter.chat(during))["phase"] == "bot"
    await counter.floor.pass_time(31 * MINUTE)
    after = await counter.says("v3", "退款多久到账")
    assert (await counter.chat(after))["phase"] == "served"


async def test_silence_after_an_answer_waits_for_consent_and_without_one_goes_to_people(counter: Counter) -> None:
    lin = await counter.floor.hire("林一")
    answered = await counter.says("v1", "退款多久到账")
    unanswered = await counter.says("v2", "会员等级掉了")
    await counter.floor.pass_time(11 * MINUTE)
    assert (await counter.chat(answered))["end_reason"] == (await counter.chat(unanswered))["end_reason"] == "timeout"
    assert (await counter.ticket(answered))["status"] == "pending"
    open_one = await counter.ticket(unanswered)
    assert (open_one["ready"], open_one["agent_id"]) == (True, lin)


async def test_the_net_does_not_take_from_the_assistant(counter: Counter) -> None:
    done = await counter.says("v1", "退款多久到账")
    counter.floor.clock.advance(MINUTE)
    assert await counter.net.step(counter.now) == 0
    assert not (await counter.ticket(done))["ready"]


async def test_several_half_sentences_are_one_question(counter: Counter) -> None:
    shop = counter.floor.shop
    for n, text in enumerate(("退款", "多久到账")):
        done = await shop.intake.accept(says(shop.chat, "v1", text, counter.now, n=f"half{n}"))
    await counter.floor.settle()
    assert [line["payload"]["reception"]["entry"] for line in await counter.said(done)] == ["refund"]


async def test_who_has_a_matter_with_people_goes_on_with_them(counter: Counter) -> None:
    lin = await counter.floor.hire("林一")
    done = await counter.says("v1", "转人工")
    async with counter.floor.db.transaction() as tx:
        assert done.conversation_id is not None
        await serving.end_by_customer(
            tx, done.conversation_id, reason=EndReason.CUSTOMER, actor="customer:x", now=counter.now
        )
    await counter.floor.settle()
    again = await counter.says("v1", "退款多久到账")
    assert (await counter.chat(again))["agent_id"] == lin


async def test_an_inbox_that_opens_with_a_bot_nobody_taught_leads_to_people(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="never")
    lin = await counter.floor.hire("林一")
    await counter.says("v0", "在吗")  # nobody is with the assistant: it stops looking
    await db.pool.execute("UPDATE inbox SET settings = settings || '{\"bot\": true}'")
    await counter.floor.shop.intake.load_inboxes()
    done = await counter.says("v1", "退款多久到账")
    assert (await counter.chat(done))["agent_id"] == lin
    assert await counter.notes(done) == ["智能助手转人工(智能助手已停用),未能答复"]


async def test_without_an_assistant_triage_asks_nothing_more(db: Database, clock: FakeClock) -> None:
    counter = await open_counter(db, clock, begins="never")
    await counter.says("v1", "退款多久到账")
    gate = reception.Gate(counter.desk, supervision.teams_bot_first)
    kinds = frozenset({"conversation.started", "message.received"})
    async with db.transaction() as tx:
        entries = await entries_of_kinds(tx, 0, 1000, kinds)
        assert len(entries) == 2
        await gate(tx, entries, counter.now)  # after a start it looks once
        asked: list[str] = []
        tx.add_query_logger(lambda record: asked.append(record.query))
        await gate(tx, entries, counter.now)
        assert asked == []


async def test_the_customer_ends_it_himself(counter: Counter) -> None:
    done = await counter.says("v1", "退款多久到账")
    assert done.conversation_id is not None
    async with counter.floor.db.transaction() as tx:
        await reception.end_by_customer(tx, done.conversation_id, counter.desk, now=counter.now)
    await counter.floor.settle()
    assert (await counter.ticket(done))["status"] == "pending"
    assert "conversation.surveyed" not in await counter.floor.kinds()


SAMPLES = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


async def test_events_are_as_their_samples(counter: Counter) -> None:
    await counter.floor.hire("林一")
    await counter.says("v1", "退款多久到账")
    await counter.says("v1", "已解决")
    await counter.says("v2", "退款多久到账")
    await counter.says("v2", "转人工")
    await counter.says("v3", "退款多久到账")
    await counter.floor.pass_time(11 * MINUTE)
    rows = await counter.floor.db.pool.fetch("SELECT kind, data FROM event WHERE kind LIKE 'reception.%' ORDER BY pos")
    seen = {row["kind"]: set(row["data"]) for row in rows}
    known = {sample["kind"]: set(sample["data"]) for sample in SAMPLES if sample["kind"] != "reception.declined"}
    assert seen == known
