"""The vocabulary of conditions: every field has its fact, its two names, and the facts of many cost two statements."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.views import WORK_FIELDS, work_facts
from yizhan.desk.views.facts import language_of
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.conditions import compile_closure, parse
from yizhan.foundation.db import Database


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def test_a_ticket_in_facts(shop: Shop, clock: FakeClock) -> None:
    done = await shop.intake.accept(says(shop.chat, "v1", "订单 NO20260301A 空调漏水, refund please", clock.now()))
    assert done.ticket_id is not None
    await shop.db.pool.execute("UPDATE contact SET level = 2")
    await shop.db.pool.execute("UPDATE ticket SET tags = '{vip,大促}', type = 'refund', order_no = 'NO20260301A'")
    clock.advance(timedelta(minutes=90))
    async with shop.db.read() as tx:
        facts = (await work_facts(tx, [done.ticket_id], now=clock.now(), working=True))[done.ticket_id]
    assert {field.name for field in WORK_FIELDS} <= facts.keys()
    wanted = {
        "type": "refund", "priority": 2, "status": "new", "brand": "home", "channel": "webchat", "inbox": "webchat",
        "team": None, "level": 2, "tags": ["vip", "大促"], "order_no": "NO20260301A", "language": "zh",
        "created_minutes": 90.0, "waiting_minutes": 90.0, "working_hours": True, "repeats": 0, "agent": None,
    }  # fmt: skip
    assert {name: facts[name] for name in wanted} == wanted | {"team": facts["team"]}
    for tree in (
        {"field": "工单类型", "op": "eq", "value": "refund"},
        {"field": "customer's words", "op": "contains", "value": "REFUND"},
        {"field": "text", "op": "contains", "value": ["冒烟", "漏水"]},
        {"field": "标签", "op": "contains", "value": "大促"},
        {"field": "waiting_minutes", "op": "gte", "value": 30},
        {"field": "created_at", "op": "within", "value": 120},
        {"all": [{"field": "level", "op": "gt", "value": 1}, {"field": "working_hours", "op": "eq", "value": True}]},
    ):
        assert compile_closure(parse(tree, WORK_FIELDS))(facts), tree


async def test_the_level_of_a_person_is_the_highest_of_its_contacts(shop: Shop, clock: FakeClock) -> None:
    first = await shop.intake.accept(says(shop.chat, "v1", "在吗", clock.now()))
    second = await shop.intake.accept(says(shop.mail, "wang@example.com", "发票", clock.now()))
    await shop.db.pool.execute("UPDATE contact SET person_id = (SELECT person_id FROM contact ORDER BY id LIMIT 1)")
    await shop.db.pool.execute("UPDATE contact SET level = 3 WHERE name = 'wang@example.com'")
    assert first.ticket_id
    assert second.ticket_id
    async with shop.db.read() as tx:
        found = await work_facts(tx, [first.ticket_id, second.ticket_id, first.ticket_id], now=clock.now())
    assert [found[ticket]["level"] for ticket in (first.ticket_id, second.ticket_id)] == [3, 3]


async def test_words_are_read_only_where_they_are_asked_for(shop: Shop, clock: FakeClock) -> None:
    done = await shop.intake.accept(says(shop.chat, "v1", "漏水", clock.now()))
    assert done.ticket_id
    async with shop.db.read() as tx:
        lean = await work_facts(tx, [done.ticket_id], now=clock.now(), fields=frozenset({"type", "priority"}))
        whole = await work_facts(tx, [done.ticket_id, uuid4()], now=clock.now(), fields=frozenset({"text"}))
        assert await work_facts(tx, [], now=clock.now()) == {}
    assert (lean[done.ticket_id]["text"], whole[done.ticket_id]["text"]) == ("", "漏水")
    assert len(whole) == 1


async def test_own_fields_are_asked_by_key_as_what_they_are_compared_with(shop: Shop, clock: FakeClock) -> None:
    done = await shop.intake.accept(says(shop.chat, "v1", "退款", clock.now()))
    assert done.ticket_id
    kept = {
        "refund_amount": "260.50",
        "visit_on": "2026-03-05",
        "fault": ["leak", "noise"],
        "call_phone": {"sealed": "x"},
    }
    await shop.db.pool.execute("UPDATE ticket SET fields = $1", kept)
    async with shop.db.read() as tx:
        facts = (await work_facts(tx, [done.ticket_id], now=clock.now(), fields=frozenset({"field.fault"})))[
            done.ticket_id
        ]
    for tree, holds in (
        ({"field": "field.refund_amount", "op": "gt", "value": 200}, True),
        ({"field": "field.refund_amount", "op": "lte", "value": 260}, False),
        ({"field": "field.visit_on", "op": "lt", "value": "2026-03-06T00:00:00+00:00"}, True),
        ({"field": "field.fault", "op": "contains", "value": "leak"}, True),
        ({"field": "field.fault", "op": "in", "value": ["broken"]}, False),
        ({"field": "field.fault", "op": "not_in", "value": ["broken"]}, True),
        ({"field": "field.fault", "op": "not_in", "value": ["noise"]}, False),
        ({"field": "field.call_phone", "op": "is_set"}, True),
        ({"field": "field.demand", "op": "is_empty"}, True),
        ({"field": "field.demand", "op": "ne", "value": "x"}, True),
    ):
        assert compile_closure(parse(tree, WORK_FIELDS))(facts) is holds, tree


async def test_what_is_known_of_the_customer_is_counted_over_all_he_is(shop: Shop, clock: FakeClock) -> None:
    first = await shop.intake.accept(says(shop.chat, "v1", "在吗", clock.now()))
    second = await shop.intake.accept(says(shop.mail, "wang@example.com", "发票", clock.now()))
    await shop.db.pool.execute("UPDATE contact SET person_id = (SELECT person_id FROM contact ORDER BY id LIMIT 1)")
    await shop.db.pool.execute("UPDATE ticket SET status = 'done' WHERE id = $1", first.ticket_id)
    clock.advance(timedelta(days=3))
    assert first.ticket_id
    assert second.ticket_id
    async with shop.db.read() as tx:
        found = await work_facts(tx, [first.ticket_id, second.ticket_id], now=clock.now())
        lean = await work_facts(tx, [first.ticket_id], now=clock.now(), fields=frozenset({"level"}))
    names = ("known_days", "other_tickets", "open_tickets", "last_stars", "complaint_grade")
    assert [found[first.ticket_id][name] for name in names] == [3, 1, 1, None, None]
    assert [found[second.ticket_id][name] for name in names] == [3, 1, 0, None, None]
    assert {lean[first.ticket_id][name] for name in names} == {None}


def test_every_field_has_both_names_and_none_twice() -> None:
    fields = list(WORK_FIELDS)
    assert all(field.zh and field.en for field in fields)
    assert len({field.zh for field in fields}) == len({field.en for field in fields}) == len(fields)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in field.zh) for field in fields)


@pytest.mark.parametrize(
    ("locale", "words", "language"),
    [
        ("zh-CN", "hello", "zh"),
        ("en_US", "你好", "en"),
        (None, "你好", "zh"),
        (None, "hello", "en"),
        ("", "在", "zh"),
        (None, "ok", "zh"),
        (None, "12345", "zh"),
        (None, "it is broken", "en"),
    ],
)
def test_the_language(locale: str | None, words: str, language: str) -> None:
    assert language_of(locale, words) == language
