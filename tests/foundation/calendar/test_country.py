"""The days of the State Council's notices, written by hand, against what the package and our reading of it make."""

from datetime import date, timedelta

import pytest

from yizhan.foundation.calendar import PublicDays, Span, always, read_span
from yizhan.foundation.calendar.calendar import Calendar
from yizhan.foundation.errors import Invalid

# 国务院办公厅关于2025年、2026年部分节假日安排的通知: first and last day off, and the weekend days worked for them.
NOTICES: dict[int, list[tuple[str, str, str, list[str]]]] = {
    2025: [
        ("元旦", "01-01", "01-01", []),
        ("春节", "01-28", "02-04", ["01-26", "02-08"]),
        ("清明节", "04-04", "04-06", []),
        ("劳动节", "05-01", "05-05", ["04-27"]),
        ("端午节", "05-31", "06-02", []),
        ("国庆节、中秋节", "10-01", "10-08", ["09-28", "10-11"]),
    ],
    2026: [
        ("元旦", "01-01", "01-03", ["01-04"]),
        ("春节", "02-15", "02-23", ["02-14", "02-28"]),
        ("清明节", "04-04", "04-06", []),
        ("劳动节", "05-01", "05-05", ["05-09"]),
        ("端午节", "06-19", "06-21", []),
        ("中秋节", "09-25", "09-27", []),
        ("国庆节", "10-01", "10-07", ["09-20", "10-10"]),
    ],
}
OFFICE = (read_span("09:30-18:00"),)


def day_of(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")


def noticed(year: int) -> tuple[set[date], set[date]]:
    free, worked = set[date](), set[date]()
    for _, first, last, makeup in NOTICES[year]:
        day = day_of(year, first)
        while day <= day_of(year, last):
            free.add(day)
            day += timedelta(days=1)
        worked |= {day_of(year, text) for text in makeup}
    return free, worked


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", NOTICES)
def test_every_holiday_and_every_make_up_workday_of_the_notice(year: int) -> None:
    china = PublicDays("CN")
    free, worked = noticed(year)
    assert {day for day in days_of(year) if china.holiday(day)} == free
    assert {day for day in days_of(year) if china.makeup(day)} == worked


def test_2026_day_by_day() -> None:
    """An office of five days a week, and a hotline of seven, over every day of the year."""
    free, worked = noticed(2026)
    office = Calendar("Asia/Shanghai", dict.fromkeys(range(5), OFFICE), public=PublicDays("CN"))
    hotline = Calendar("Asia/Shanghai", always(), public=PublicDays("CN"))
    for day in days_of(2026):
        usual = day.weekday() < 5
        assert office.is_working_day(day) == (day in worked or (usual and day not in free)), day
        assert hotline.is_working_day(day) == (day not in free), day
    assert sum(office.is_working_day(day) for day in days_of(2026)) == 248
    assert len(free) == 33
    assert len(worked) == 6
    assert office.spans(date(2026, 2, 14)) == OFFICE
    assert hotline.spans(date(2026, 2, 14)) == (Span(0, 1440),)


def test_other_countries_close_on_their_days_and_not_on_the_weekends_beside_them() -> None:
    america, bavaria = PublicDays("US"), PublicDays("DE", "BY")
    assert america.holiday(date(2026, 7, 3))  # observed: the fourth is a Saturday
    assert america.holiday(date(2021, 12, 31))  # of the next year's first day
    assert not america.holiday(date(2026, 7, 5))
    assert bavaria.holiday(date(2026, 1, 6))
    assert not PublicDays("DE").holiday(date(2026, 1, 6))
    assert not any(bavaria.makeup(day) for day in days_of(2026))


def test_years_nobody_has_announced_have_the_days_of_the_law() -> None:
    china = PublicDays("CN")
    assert china.holiday(date(2031, 10, 1))
    assert not any(china.makeup(day) for day in days_of(2031))
    assert not china.holiday(date(3000, 10, 1))


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("cn", None), ("DE", "XX")])
def test_unknown_places_are_refused(country: str, region: str | None) -> None:
    with pytest.raises(Invalid, match="no public holidays are known"):
        PublicDays(country, region)
