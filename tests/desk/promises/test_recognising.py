"""What is a promise in an agent's words and what is none: a corpus in both languages, and the office's hours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from yizhan.desk.promises import recognise
from yizhan.foundation.calendar import Calendar, CalendarDocument

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUSE = CalendarDocument(
    name={"zh": "服务时间", "en": "Service hours"}, tz="Asia/Shanghai",
    weekly={day: ["09:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
).calendar  # fmt: skip
CORPUS = [
    tuple(part.strip() for part in line.split("|", 2))
    for line in Path(__file__).with_name("corpus.txt").read_text("utf-8").splitlines() if not line.startswith("#")
]  # fmt: skip


def said(text: str, now: datetime = NOW, calendar: Calendar = HOUSE) -> tuple[str, str]:
    found = recognise(text, now, calendar)
    return (found.kind.value, f"{found.due.astimezone(calendar.zone):%m-%d %H:%M}") if found else ("-", "-")


@pytest.mark.parametrize(("kind", "due", "text"), CORPUS)
def test_the_corpus(kind: str, due: str, text: str) -> None:
    assert said(text) == (kind, due)


def test_the_corpus_is_large_and_says_no_as_well() -> None:
    assert len(CORPUS) >= 120
    assert sum(1 for kind, _, _ in CORPUS if kind == "-") >= 40


OFFICE = CalendarDocument(
    name={"zh": "办公时间", "en": "Office hours"}, tz="Asia/Shanghai", holidays=["2026-03-05"],
    weekly={day: ["09:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
).calendar  # fmt: skip


@pytest.mark.parametrize(
    ("due", "text"),
    [
        ("03-06 18:00", "3个工作日内为您处理"),  # Thursday is a holiday
        ("03-02 18:00", "今天给您答复"),
        ("03-06 18:00", "本周内给您方案"),
        ("03-13 18:00", "下周给您方案"),
        ("03-31 18:00", "月底前给您退款"),
        ("03-06 18:00", "We'll refund you within 3 business days"),
        ("03-06 18:00", "I'll follow up by the end of this week"),
    ],
)
def test_the_offices_own_days_and_hours_count(due: str, text: str) -> None:
    assert said(text, calendar=OFFICE)[1] == due


def test_the_same_words_are_of_another_time_zone_elsewhere() -> None:
    berlin = CalendarDocument(tz="Europe/Berlin", weekly={"mon": ["09:00-18:00"]}).calendar
    assert said("I'll call you back at 8 pm", calendar=berlin)[1] == "03-02 20:00"
    assert recognise("今晚 8 点前回复您", NOW, berlin) != recognise("今晚 8 点前回复您", NOW, HOUSE)


@pytest.mark.parametrize("text", ["", "9" * 3000, "点" * 500, "今" * 300 + "回复您", "99点前回复您", "13月45日回复您"])
def test_nothing_strange_breaks_it(text: str) -> None:
    assert recognise(text, NOW, HOUSE) is None


def test_in_the_evening_the_time_of_the_morning_is_tomorrows() -> None:
    evening = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    assert said("8点前回复您", evening)[1] == "03-03 08:00"
    assert said("今天上午给您回复", evening) == ("-", "-")
    assert said("今晚12点前给您答复", evening)[1] == "03-03 00:00"
