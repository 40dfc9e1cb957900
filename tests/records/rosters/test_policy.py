"""What a roster may hold, how a week is copied, and how a file is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from yizhan.foundation.errors import Invalid
from yizhan.records.rosters import (
    Leave,
    LeaveKind,
    NewShift,
    Person,
    Shift,
    ShiftKind,
    clash,
    copied,
    hours_of,
    read_csv,
    span_of,
)

TEAM, LIN, SU = UUID(int=1), UUID(int=2), UUID(int=3)
MONDAY = date(2026, 3, 2)


def said(day: date = MONDAY, begin: str = "09:00", until: str = "18:00", **more: object) -> NewShift:
    tz = str(more.get("tz", "Asia/Shanghai"))
    return NewShift(
        team_id=TEAM, agent_id=LIN, kind=ShiftKind(str(more.get("kind", "day"))), day=day,
        begin=time.fromisoformat(begin), until=time.fromisoformat(until), tz=tz,
    )  # fmt: skip


def shift(new: NewShift, number: int = 9) -> Shift:
    begin, end = span_of(new)
    return Shift(
        id=UUID(int=number), team_id=new.team_id, agent_id=new.agent_id, kind=new.kind, starts_at=begin, ends_at=end,
        tz=new.tz,
    )  # fmt: skip


def test_a_night_ends_in_the_morning_and_is_read_back_as_it_was_said() -> None:
    night = said(begin="22:00", until="06:00", kind="night")
    begin, end = span_of(night)
    assert (begin, end) == (datetime(2026, 3, 2, 14, tzinfo=UTC), datetime(2026, 3, 2, 22, tzinfo=UTC))
    assert hours_of(shift(night)) == night
    # The night on which the clocks go forward is an hour shorter.
    berlin = span_of(said(date(2026, 3, 28), "22:00", "06:00", kind="night", tz="Europe/Berlin"))
    assert berlin[1] - berlin[0] == timedelta(hours=7)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (said(begin="09:00", until="09:00"), "until"),
        (said(begin="09:00", until="08:00"), "until"),
        (said(tz="Mars/Base"), "tz"),
        (said(date(2026, 3, 29), "02:10", "02:50", tz="Europe/Berlin"), "begin"),
    ],
)
def test_what_nobody_can_work_is_explained(new: NewShift, field: str) -> None:
    if new.tz == "Europe/Berlin":
        begin, end = span_of(new)  # an hour that does not exist is the hour after it
        assert end - begin == timedelta(minutes=40)
        return
    with pytest.raises(Invalid) as wrong:
        span_of(new)
    assert wrong.value.field == field


def test_nobody_works_twice_at_once_or_on_leave() -> None:
    early, late = shift(said(), 8), shift(said(begin="17:30", until="22:00"))
    assert clash(late, [early], []) == "overlaps with 2026-03-02 09:00–18:00"
    assert clash(shift(said(begin="18:00", until="22:00")), [early], []) is None
    away = Leave(
        id=UUID(int=5), agent_id=LIN, kind=LeaveKind.SICK, starts_at=early.starts_at, ends_at=early.ends_at,
        tz="Asia/Shanghai", note="",
    )  # fmt: skip
    assert clash(late, [], [away]) == "on leave 2026-03-02 09:00–18:00"


def test_a_copied_week_knows_holidays_and_make_up_saturdays() -> None:
    week = [shift(said(MONDAY + timedelta(days=n)), n) for n in range(5)]
    week.append(shift(said(MONDAY, "22:00", "06:00", kind="on_call"), 7))
    target = date(2026, 9, 28)
    holidays = {date(2026, 10, 1): "holiday", date(2026, 10, 2): "holiday", date(2026, 10, 3): "makeup"}
    made, left = copied(week, MONDAY, target, holidays)  # type: ignore[arg-type]
    assert [(s.day, s.kind) for s in made] == [
        (date(2026, 9, 28), "day"), (date(2026, 9, 28), "on_call"), (date(2026, 9, 29), "day"),
        (date(2026, 9, 30), "day"), (date(2026, 10, 3), "day"),
    ]  # fmt: skip
    assert [(s.shift.day, s.why) for s in left] == [(date(2026, 10, 1), "holiday"), (date(2026, 10, 2), "holiday")]


def test_every_fault_of_a_file_is_told_with_its_line() -> None:
    people = [Person(LIN, "linyi", "林一", (TEAM,)), Person(SU, "sujin", "苏瑾", ())]
    text = (
        "\ufeff客服组,客服,日期,开始,结束,班次\n"
        "售后,林一,2026-03-02,9:00,18:00,白班\n"
        "售后,linyi,2026/03/03,22:00,24:00,值班\n\n"
        "售前,谁,2026-13-01,25:00,x,早班\n"
        "售后,苏瑾,2026-03-02,09:00,18:00,\n"
        "售后,林一,2026-03-05,09:00,09:00,\n"
    )
    rows, faults = read_csv(text, {"售后": TEAM}, people, "Asia/Shanghai")
    assert [(r.line, r.shift.kind, r.shift.begin) for r in rows] == [(2, "day", time(9)), (3, "on_call", time(22))]
    assert [(f.line, f.field) for f in faults] == [
        (5, "team"), (5, "agent"), (5, "date"), (5, "from"), (5, "to"), (5, "kind"), (6, "agent"), (7, "to"),
    ]  # fmt: skip
    for nothing in ("", "name,when\n"):
        with pytest.raises(Invalid):
            read_csv(nothing, {}, people, "Asia/Shanghai")
