"""Grades, clocks, limits and outside deadlines, by the rules that ship."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from yizhan.desk.complaints import COMPLAINTS, SHIPPED, Rulebook, RuleHolder
from yizhan.desk.complaints.documents import Product, Title
from yizhan.desk.complaints.products import Clues, product_by
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.cases import Source
from yizhan.records.complaints import Grade
from yizhan.records.config import CALENDAR, Body, Document, Kinds, Places, Published

NOW = datetime(2026, 10, 12, 4, tzinfo=UTC)
BOOK = Rulebook()


def facts(text: str, *, type: str = "complaint", safety: bool = False) -> dict[str, object]:
    return {"text": text, "type": type, "safety": safety, "repeats": 0, "now": NOW}


@pytest.mark.parametrize(
    ("said", "grade", "causes"),
    [
        (facts("没人管"), Grade.ORDINARY, ()),
        (facts("我要找12315"), Grade.MAJOR, ("public",)),
        (facts("插座冒烟", type="aftersale", safety=True), Grade.CRISIS, ("fire",)),
        (facts("孩子触电了", safety=True), Grade.CRISIS, ("injury", "minors")),
        (facts("漏煤气味", safety=True), Grade.CRISIS, ("safety",)),
        (facts("再不管我就找记者"), Grade.CRISIS, ("media",)),
        (facts("给未成年人卖这个"), Grade.CRISIS, ("minors",)),
        (facts("没有冒烟", safety=False), Grade.ORDINARY, ()),
    ],
)
def test_the_gravest_grade_of_all_rules_that_hold(
    said: dict[str, object], grade: Grade, causes: tuple[str, ...]
) -> None:
    told = BOOK.judge(said)
    assert (told.grade, told.causes, told.failures) == (grade, causes, ())


@pytest.mark.parametrize(
    ("source", "received", "due"),
    [
        (Source.CONSUMER, date(2026, 9, 22), date(2026, 10, 13)),  # 中秋, 国庆, 10 October is worked
        (Source.HOTLINE_12315, date(2026, 9, 30), date(2026, 10, 15)),
        (Source.PLATFORM, date(2026, 2, 12), date(2026, 2, 24)),  # 春节, 14 February is worked
    ],
)
def test_deadlines_are_counted_in_public_working_days(source: Source, received: date, due: date) -> None:
    told = BOOK.deadline(source, received, datetime(2026, 10, 12, tzinfo=UTC))
    assert told.on == due
    assert told.at == datetime(due.year, due.month, due.day, 10, tzinfo=UTC)
    assert BOOK.warns_at(told) < told.at - timedelta(hours=20)


def test_a_day_that_cannot_be_is_refused() -> None:
    for day in (date(2026, 10, 13), date(2024, 1, 1)):
        with pytest.raises(Invalid):
            BOOK.deadline(Source.MIIT, day, NOW)


def test_who_may_grant_what() -> None:
    assert [BOOK.limit_fen(role) for role in ("agent", "lead", "supervisor", "admin", "legal")] == [
        2000, 10_000, 50_000, None, 0,
    ]  # fmt: skip
    assert BOOK.allowed("agent", 2000).limit_fen == 2000
    assert [BOOK.allowed("agent", fen).needs for fen in (2000, 10_000, 20_000, 50_001)] == [
        "agent", "lead", "supervisor", "admin",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"clocks": {"crisis": {"first_contact": 60, "plan": 30, "close": 90}}}, "clocks.crisis"),
        ({"grading": [{"key": "a", "grade": "crisis", "when": {"field": "moon", "op": "eq", "value": 1}}]},
         "grading[0].when.field"),
        ({"grading": [{"key": "a", "grade": "crisis"}, {"key": "a", "grade": "major"}]}, "grading[1]"),
        ({"ladder": [{"step": "legal", "who": ["role:legal"]}, {"step": "lead", "who": ["lead"]}]}, "ladder"),
        ({"ladder": [{"step": "moon", "who": ["lead"]}]}, "ladder[0].step"),
        ({"duty": []}, "duty"),
        ({"limits": {"agent": 0}}, "limits"),
        ({"limits": {"agent": -1}}, "limits[...]"),
        ({"working_days": {"moon": 3}}, "working_days"),
    ],
)  # fmt: skip
def test_bad_rules_are_explained_when_they_are_saved(body: Body, field: str) -> None:
    with pytest.raises(Invalid) as told:
        COMPLAINTS.decode(body)
    assert told.value.field == field


def test_roles_and_teams_that_do_not_exist_are_found() -> None:
    there = Places(keys={"role": frozenset({"agent"}), "team": frozenset({"care"})})
    assert COMPLAINTS.verify is not None
    for body, field in (
        ({"limits": {"king": 5}}, "limits.king"),
        ({"duty": ["team:moon"]}, "duty[0]"),
        ({"war_room": ["duty", "role:king"]}, "war_room[1]"),
        ({"ladder": [{"step": "lead", "who": ["lead", "role:king"]}]}, "ladder[0].who[1]"),
    ):
        with pytest.raises(Invalid) as told:
            COMPLAINTS.verify(COMPLAINTS.decode(body), there)
        assert told.value.field == field


def test_a_release_switches_the_rules_and_their_calendar() -> None:
    hours = {"tz": "Asia/Shanghai", "weekly": {"mon": ["09:00-10:00"]}}
    rules = {"calendar": "office", "working_days": {"miit": 2}, "limits": {"agent": 5}}
    holder = RuleHolder()
    assert holder.now.rules == SHIPPED
    documents = [
        Document(new_id(NOW), kind, name, 3, body, NOW, "test", "")
        for kind, name, body in (("calendar", "office", hours), ("complaints", "default", rules))
    ]
    holder.take(Published(Kinds([CALENDAR, COMPLAINTS]), 7, documents))
    told = holder.now.deadline(Source.MIIT, date(2026, 10, 12), NOW)
    assert (told.on, told.calendar, holder.now.source) == (date(2026, 10, 26), "office@3", "complaints/default@3")
    with pytest.raises(Invalid):
        holder.now.deadline(Source.HEIMAO, date(2026, 10, 12), NOW)


@pytest.mark.parametrize(
    ("clues", "product"),
    [
        (Clues("电热毯不热", "", (), ()), "blanket"),
        (Clues("它坏了", "blanket 1.8 m", (), ()), "blanket"),
        (Clues("它坏了", "净化器x3", ("空气净化器 X3",), ()), "空气净化器 X3"),
        (Clues("它坏了", "台灯", ("空气净化器 X3",), ()), "台灯"),
        (Clues("它坏了", "", ("空气净化器  X3",), ()), "空气净化器 X3"),
        (Clues("它坏了", "", ("暖冬电热毯 1.8 m",), ()), "blanket"),
        (Clues("它坏了", "", ("空气净化器 X3", "净水壶 滤芯"), ()), None),
        (Clues("净水壶漏水", "", ("空气净化器 X3", "净水壶 滤芯"), ()), "净水壶 滤芯"),
        (Clues("净化器不转", "", (), ("空气净化器 X3", "净水壶 滤芯")), "空气净化器 X3"),
        (Clues("it is broken", "", (), ("Kettle K2",)), None),
        (Clues("the kettle leaks", "", (), ("Kettle K2",)), "Kettle K2"),
    ],
)
def test_a_product_is_known_by_rules_field_or_order(clues: Clues, product: str | None) -> None:
    named = Product("blanket", Title("电热毯", "Heated blanket"), ("电热毯", "blanket"))
    assert product_by(clues, Rulebook(msgspec.structs.replace(SHIPPED, products=(named,)))) == product
