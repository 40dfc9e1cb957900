"""Rules decide when work becomes ready, waiting raises it at its minute, and every decision is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.routing.floor import Floor, open_floor
from tests.desk.sla.office import MINUTE
from yizhan.desk import priority, serving
from yizhan.desk.intake import Accepted
from yizhan.desk.priority import priority_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import tickets
from yizhan.records.conversations import Draft
from yizhan.records.tickets import By, TicketChange


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    made = await open_floor(db, clock, [priority.priority_reader(db, clock, priority_book())])
    priority.register_timers(made.timers, priority_book())
    return made


async def level(floor: Floor, done: Accepted) -> object:
    return (await floor.row("ticket", done.ticket_id))["priority"]


async def decisions(floor: Floor, done: Accepted) -> list[tuple[str, int, int, list[str]]]:
    assert done.ticket_id is not None
    async with floor.db.read() as tx:
        return [
            (each.why.value, each.before, each.after, [rule.key for rule in each.matched])
            for each in await priority.decisions_of(tx, done.ticket_id)
        ]


async def test_a_rule_lowers_what_can_wait_and_waiting_raises_it_to_the_minute(floor: Floor) -> None:
    praise = await floor.says("v1", "表扬一下林一,服务很好")
    assert await level(floor, praise) == 1
    assert await decisions(floor, praise) == [("rules", 2, 1, ["praise"])]
    await floor.pass_time(29 * MINUTE)
    assert await level(floor, praise) == 1
    await floor.pass_time(MINUTE)
    assert await level(floor, praise) == 2
    assert (await decisions(floor, praise))[1] == ("waiting", 1, 2, ["waiting.30"])
    note = await floor.db.pool.fetchval("SELECT text FROM note WHERE action = 'change'")
    assert note == "等待 30 分钟,低 → 中"
    await floor.pass_time(timedelta(hours=5))
    assert await level(floor, praise) == 2


async def test_who_was_answered_begins_to_wait_anew(floor: Floor) -> None:
    lin = await floor.hire("林一")
    praise = await floor.says("v1", "表扬一下林一,服务很好")
    assert praise.conversation_id is not None
    await floor.pass_time(20 * MINUTE)
    async with floor.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{lin}", text="谢谢您")
        await serving.reply(tx, praise.conversation_id, draft, now=floor.clock.now())
    await floor.pass_time(20 * MINUTE)
    assert await level(floor, praise) == 1
    await floor.says("v1", "希望继续保持,还有一条建议")
    await floor.pass_time(29 * MINUTE)
    assert await level(floor, praise) == 1
    await floor.pass_time(MINUTE)
    assert await level(floor, praise) == 2


async def test_what_a_person_lowered_is_raised_by_waiting_too(floor: Floor) -> None:
    lin = await floor.hire("林一")
    asked = await floor.says("v1", "请问发货了吗")
    assert asked.ticket_id is not None
    await floor.pass_time(10 * MINUTE)
    async with floor.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, asked.ticket_id)
        by = By(f"agent:{lin}", lin)
        await tickets.change_ticket(
            tx, ticket, TicketChange(priority=1), expected=ticket.version, text="不急", by=by, now=floor.clock.now()
        )
    await floor.settle()
    await floor.pass_time(19 * MINUTE)
    assert await level(floor, asked) == 1
    await floor.pass_time(MINUTE)
    assert await level(floor, asked) == 2
    assert await floor.db.pool.fetchval("SELECT count(*) FROM timer WHERE kind = 'priority.promote'") == 0


async def test_danger_goes_before_a_member(floor: Floor) -> None:
    danger = await floor.says("v1", "插座 着 火 了")
    assert await level(floor, danger) == 4
    assert await decisions(floor, danger) == [("safety", 4, 4, [])]
    told = await floor.db.pool.fetch("SELECT data FROM event WHERE kind = 'notice.raised' AND ticket_id = $1",
                                     danger.ticket_id)  # fmt: skip
    assert [(row["data"]["why"], row["data"]["who"]) for row in told] == [("words.heard", ["duty", "lead"])]
    await floor.says("v1", "还在着火")
    assert (await floor.kinds()).count("words.heard") == 1
    await floor.says("v1", "我打12315了")
    assert (await floor.kinds()).count("words.heard") == 2


async def test_a_rule_that_fails_holds_up_nobody(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object, __: object) -> str:
        return "TypeError('no')"

    monkeypatch.setattr("yizhan.desk.priority.policy._holds", fails)
    first, second = await floor.says("v1", "请问发货了吗"), await floor.says("v2", "请问发货了吗")
    assert [await level(floor, each) for each in (first, second)] == [2, 2]
    assert (await floor.row("ticket", second.ticket_id))["ready"]
    failed = await floor.db.pool.fetch("SELECT data FROM event WHERE kind = 'rule.failed' ORDER BY pos")
    assert {row["data"]["rule"] for row in failed} >= {"member", "praise"}
    # Who is to know hears of it by what follows these events, and so not twice.
    assert not await floor.db.pool.fetchval("SELECT count(*) FROM event WHERE data->>'why' = 'rule.failed'")
