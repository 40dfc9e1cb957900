"""A campaign begins and ends while people wait: what waits is ranked anew at that instant, and says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.priority.test_stories import decisions, level
from tests.desk.routing.floor import Floor, open_floor
from tests.desk.sla.office import MINUTE
from yizhan.desk import priority, views
from yizhan.desk.intake import Accepted
from yizhan.desk.priority import PRIORITY_RULES, Reranking, Why, priority_book, reranked
from yizhan.desk.priority.store import Standing
from yizhan.desk.triage import triage_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records import tickets
from yizhan.records.config import RELEASED, Document, Kinds, Published, TypeBook
from yizhan.records.tickets import By, TicketChange


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    """A campaign from the tenth minute to the twentieth."""
    book, at = priority_book(), clock.now()
    during = {"start": (at + 10 * MINUTE).isoformat(), "end": (at + 20 * MINUTE).isoformat()}
    body = {"rules": [
        {"key": "cancel", "title": "大促取消", "priority": 3, "when": has("取消订单"), **during},
        {"key": "parcel", "title": "大促物流", "priority": 1, "when": has("快递"), **during},
    ]}  # fmt: skip
    release = Published(Kinds([PRIORITY_RULES]), 1, [
        Document(new_id(at), "priority_rules", "default", 1, body, at, "test", "")
    ])  # fmt: skip
    book.take(release)
    made = await open_floor(db, clock, [priority.priority_reader(db, clock, book)])
    priority.register_timers(made.timers, book, Reranking(book, triage_book(), TypeBook(), lambda: release))
    return made


def has(word: str) -> dict[str, Any]:
    return {"field": "text", "op": "contains", "value": [word]}


async def release(floor: Floor) -> None:
    async with floor.db.transaction() as tx:
        await emit(tx, [Event(
            kind=RELEASED, subject=new_id(floor.clock.now()), subject_version=1, at=floor.clock.now(), actor="test",
            data={"number": 1, "documents": [["priority_rules", "default", 1]]},
        )])  # fmt: skip
    await floor.settle()
    await floor.pass_time(timedelta(0))


async def by_hand(floor: Floor, done: Accepted, priority: int) -> None:
    async with floor.db.transaction() as tx:
        assert done.ticket_id is not None
        ticket, by = await tickets.lock_ticket(tx, done.ticket_id), By("agent:00000000-0000-0000-0000-000000000001")
        change = TicketChange(priority=priority)
        await tickets.change_ticket(
            tx, ticket, change, expected=ticket.version, text="按约定", by=by, now=floor.clock.now()
        )
    await floor.settle()


async def test_what_waits_is_ranked_anew_at_both_ends_of_a_campaign(floor: Floor) -> None:
    parcel, cancel = await floor.says("v1", "快递到哪里了"), await floor.says("v2", "我要取消订单")
    chosen = await floor.says("v3", "快递怎么还没到")
    await by_hand(floor, chosen, 3)
    await by_hand(floor, chosen, 2)
    await release(floor)
    assert [await level(floor, each) for each in (parcel, cancel, chosen)] == [2, 2, 2]
    assert await floor.db.pool.fetchval("SELECT count(*) FROM timer WHERE kind = 'priority.campaign'") == 2
    await floor.pass_time(10 * MINUTE)
    assert [await level(floor, each) for each in (parcel, cancel, chosen)] == [1, 3, 2]
    assert await decisions(floor, parcel) == [("rules", 2, 1, ["parcel"])]
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(cancel) == lin
    await floor.pass_time(10 * MINUTE)
    assert [await level(floor, each) for each in (parcel, chosen)] == [2, 2]
    assert parcel.ticket_id is not None
    async with floor.db.read() as tx:
        told = [row for row in await views.trace(tx, parcel.ticket_id) if row.action == "change"]
    assert [(row.code, row.facts["was"], row.facts["now"]) for row in told] == [
        ("unruled", {"priority": 1}, {"priority": 2}), ("ruled", {"priority": 2}, {"priority": 1}),
    ]  # fmt: skip


async def test_what_a_rule_raised_at_first_says_from_what_to_what(floor: Floor) -> None:
    await floor.pass_time(10 * MINUTE)
    usual = await floor.says("v1", "我想问一下")
    assert usual.ticket_id is not None
    await floor.says("v1", "插座着火了")
    async with floor.db.read() as tx:
        told = [row.facts for row in await views.trace(tx, usual.ticket_id) if "was" in row.facts]
    assert (told[0]["was"]["priority"], told[0]["now"]["priority"]) == (2, 4)


@pytest.mark.parametrize(
    ("standing", "now_is", "wanted"),
    [
        (Standing(False), 2, 1),  # as triage found it: the rule may lower it
        (Standing(False), 3, 3),  # a promise raised it meanwhile
        (Standing(False, Why.RULES, 3), 3, 1),  # only a rule had raised it
        (Standing(False, Why.WAITING, 2), 2, 2),
        (Standing(True, Why.RULES, 2), 2, 2),
    ],
)
def test_only_what_rules_made_is_lowered(standing: Standing, now_is: int, wanted: int) -> None:
    assert reranked(2, now_is, 1, standing) == wanted
    assert reranked(2, now_is, 4, standing) == 4
