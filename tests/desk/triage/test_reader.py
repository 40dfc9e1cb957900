"""Triage on a real PostgreSQL: once, set-based, and never the reason why somebody waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.intake.samples import says
from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk.triage import DeadlineNet, triage, triage_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.tickets import By, TicketChange, change_ticket, lock_ticket


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
        await triage(tx, [done.conversation_id], [], triage_book(), now=floor.clock.now())
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
            await triage(tx, ids, [], triage_book(), now=now)
        return len(seen)

    await statements(1)  # the driver looks up types once
    assert await statements(2) == await statements(40) <= 10


async def test_the_whole_of_a_long_letter_is_read(floor: Floor) -> None:
    letter = "您好,\n" + "我的净化器买了半年,一直很好用。\n" * 300 + "昨天开始漏电,请尽快处理,否则我去投诉。"
    done = await floor.says("wang@example.com", letter, mail=True)
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["type"], ticket["priority"]) == ("complaint", 4)
    told = await floor.db.pool.fetchval("SELECT data FROM event WHERE kind = 'work.ready' AND ticket_id = subject")
    assert (told["rules"], told["matched"][0]) == ("built-in", "safety")


async def test_a_mails_subject_counts_as_its_words(floor: Floor, clock: FakeClock) -> None:
    await floor.shop.intake.accept(
        says(floor.shop.mail, "wang@example.com", "见标题,谢谢", clock.now(), subject="我要退款")
    )
    await floor.settle()
    assert await floor.db.pool.fetchval("SELECT type FROM ticket") == "refund"


async def test_later_words_name_the_matter_until_somebody_has(floor: Floor) -> None:
    await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    assert (await floor.row("ticket", done.ticket_id))["type"] == "consult"
    await floor.says("v1", "我要退款")
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["type"], ticket["priority"]) == ("refund", 2)
    await floor.says("v1", "到底行不行啊,要不我就换一家投诉")  # a refund is a refund
    assert (await floor.row("ticket", done.ticket_id))["type"] == "refund"
    await floor.says("v1", "现在冒烟了")
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["type"], ticket["priority"], ticket["needs"]["safety"]) == ("refund", 4, True)  # type: ignore[index]
    changes = [r["data"] for r in await floor.db.pool.fetch(
        "SELECT data FROM event WHERE kind = 'ticket.changed' AND actor = 'triage' ORDER BY pos"
    )]  # fmt: skip
    assert [(c["type"], c["priority"]) for c in changes] == [("refund", 2), ("refund", 4)]
    assert "safety" in changes[1]["matched"]


async def test_what_a_person_called_it_stays(floor: Floor, clock: FakeClock) -> None:
    done = await floor.says("v1", "在吗")
    for change, sure in ((TicketChange(subject="问安装"), False), (TicketChange(type="praise"), True)):
        async with floor.db.transaction() as tx:
            assert done.ticket_id is not None
            ticket = await lock_ticket(tx, done.ticket_id)
            await change_ticket(
                tx, ticket, change, expected=ticket.version, text="改", by=By("agent:x"), now=clock.now()
            )
        assert (await floor.row("ticket", done.ticket_id))["type_sure"] is sure
    await floor.says("v1", "我要退款")
    assert (await floor.row("ticket", done.ticket_id))["type"] == "praise"


async def test_what_was_made_ready_late_is_judged_when_triage_is_back(floor: Floor, clock: FakeClock) -> None:
    reader = floor.readers.pop(0)
    done = await floor.says("v1", "我要投诉")
    clock.advance(timedelta(seconds=2))
    await DeadlineNet(floor.db, clock).step(clock.now())
    floor.readers.append(reader)
    await floor.settle()
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["type"], ticket["priority"], ticket["needs"]) == ("complaint", 3, {})


async def test_who_tells_of_danger_while_queueing_goes_before_the_others(floor: Floor) -> None:
    first = await floor.says("v1", "在吗")
    second = await floor.says("v2", "在吗")
    await floor.says("v2", "插座着火了")
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(second) == lin
    assert await floor.agent_of(first) is None


async def test_a_matter_that_turns_out_to_need_a_skill_waits_for_who_has_it(floor: Floor) -> None:
    su = await floor.hire("苏瑾")
    await floor.learn(su, "refund")
    await floor.is_now(su, "busy")
    done = await floor.says("v1", "在吗")
    await floor.says("v1", "我要退款")
    lin = await floor.hire("林一")
    assert await floor.agent_of(done) is None
    await floor.is_now(su, "online")
    assert await floor.agent_of(done) == su != lin
