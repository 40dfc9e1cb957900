"""Tickets come back to somebody's eyes: at their time, chased, answered, or because somebody is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.sla.office import HOUR, MINUTE, Office, open_office
from yizhan.desk import followups, routing, serving
from yizhan.desk.intake import Accepted
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import conversations, tickets
from yizhan.records.conversations import Draft, EndReason
from yizhan.records.tickets import Action, By, Wait, WaitingReason


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    made = await open_office(db, clock)
    made.floor.readers.append(followups.followup_reader(db, clock))
    followups.register_timers(made.floor.timers)
    return made


async def waits(office: Office, done: Accepted, reason: WaitingReason, hours: int | None = None) -> None:
    assert done.ticket_id is not None
    async with office.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, done.ticket_id)
        due = office.now + timedelta(hours=hours) if hours else None
        await tickets.wait_for(tx, ticket, Wait(reason, due), text="等一等", by=By("agent:x"), now=office.now)
    await office.floor.settle()


async def row(office: Office, done: Accepted) -> dict[str, Any]:
    return dict(await office.db.pool.fetchrow("SELECT * FROM ticket WHERE id = $1", done.ticket_id) or {})


async def notices(office: Office) -> list[tuple[str, list[str]]]:
    return [(e["data"]["why"], e["data"]["who"]) for e in await office.events("notice.raised")
            if not e["data"]["why"].startswith("sla.")]  # fmt: skip


async def test_only_waiting_for_the_customer_pauses_and_his_words_end_it(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    await waits(office, chat, WaitingReason.INTERNAL, 3)
    assert (await office.target(chat, "resolution")).state == "running"
    await waits(office, chat, WaitingReason.CUSTOMER_INFO)
    assert (await office.target(chat, "resolution")).state == "paused"
    await office.floor.pass_time(HOUR)
    await office.floor.says("v1", "好的谢谢")
    await office.floor.pass_time(MINUTE)
    assert (await row(office, chat))["waiting_reason"] == "customer_info"
    await office.floor.says("v1", "照片在这里,灯座是黑的")
    await office.floor.pass_time(MINUTE)
    assert (await row(office, chat))["waiting_reason"] is None
    assert (await office.target(chat, "resolution")).state == "running"


async def test_at_its_time_it_comes_back_to_the_top_once(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    await waits(office, chat, WaitingReason.THIRD_PARTY, 2)
    await waits(office, chat, WaitingReason.APPOINTMENT, 4)
    await office.floor.pass_time(3 * HOUR)
    assert await notices(office) == []
    before = (await row(office, chat))["last_message_at"]
    await office.floor.pass_time(HOUR)
    after = await row(office, chat)
    assert (after["last_message_at"], after["waiting_reason"]) == (before + 4 * HOUR, "appointment")
    assert await notices(office) == [("ticket.follow_up_due", ["handler"])]
    await office.floor.pass_time(HOUR)
    assert len(await notices(office)) == 1


async def test_one_that_was_closed_does_not_come_back(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await waits(office, chat, WaitingReason.THIRD_PARTY, 2)
    await office.moves(chat, lin, Action.CANCEL)
    await office.floor.pass_time(3 * HOUR)
    assert await notices(office) == []


async def test_the_customers_own_words_chase(office: Office) -> None:
    await office.floor.hire("林一")
    chat = await office.floor.says("v1", "催一下我的快递")
    await office.floor.pass_time(MINUTE)
    assert (await row(office, chat))["chases"] == 0, "he has only just opened it"
    for minutes in (3, 1, 15, 15):
        await office.floor.pass_time(minutes * MINUTE)
        await office.floor.says("v1", "怎么还没处理")
        await office.floor.pass_time(timedelta(seconds=1))
    after = await row(office, chat)
    assert (after["chases"], after["priority"]) == (3, 3)
    assert [who for why, who in await notices(office) if why == "ticket.chased"] == [
        ["handler"], ["handler"], ["lead", "handler"],
    ]  # fmt: skip
    note = await office.db.pool.fetchval("SELECT text FROM note WHERE action = 'chase' LIMIT 1")
    assert note == "客户催单:怎么还没处理"


async def test_who_is_named_in_a_note_is_told_and_watches(office: Office) -> None:
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾", state="busy")
    chat = await office.floor.says("v1", "灯不亮")
    assert chat.conversation_id is not None
    async with office.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat.conversation_id)
        draft = Draft(direction="note", author=f"agent:{lin}", text="@苏瑾 请看", payload={"mentions": [str(su)]})
        await conversations.say(tx, c, draft, now=office.now, ticket_id=chat.ticket_id)
    await office.floor.settle()
    await office.moves(chat, lin, Action.SOLVE)
    await office.moves(chat, su, Action.START)
    assert await notices(office) == [("note.mentioned", ["mentioned"]), ("ticket.moved", ["watcher"])]
    told = [e["data"]["agents"] for e in await office.events("notice.raised") if "watcher" in e["data"]["who"]]
    assert told == [[str(su)]]


async def test_who_took_it_first_hears_what_became_of_it(office: Office) -> None:
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾")
    await office.floor.is_now(su, "busy")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    assert chat.conversation_id is not None
    assert chat.ticket_id is not None
    async with office.db.transaction() as tx:
        await serving.end_by_customer(
            tx, chat.conversation_id, reason=EndReason.CUSTOMER, actor="customer:x", now=office.now
        )
        await routing.assign_ticket(
            tx, chat.ticket_id, agent_id=su, team_id=None, note="换苏瑾", by=By(f"agent:{lin}", lin), now=office.now
        )
    await office.moves(chat, su, Action.SOLVE)
    assert await notices(office) == []
    await office.moves(chat, su, Action.CONFIRM)
    kept = await row(office, chat)
    assert (kept["owner_id"], kept["agent_id"]) == (lin, su)
    assert await notices(office) == [("ticket.over", ["owner"])]
    assert [e["data"]["agents"] for e in await office.events("notice.raised") if e["data"]["why"] == "ticket.over"] == [
        [str(lin)]
    ]
