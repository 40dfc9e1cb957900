from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yizhan.foundation.calendar import (
    Calendar,
    NeverOpen,
    PublicDays,
    Span,
    always,
    read_span,
)
from yizhan.foundation.errors import Invalid

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
OFFICE = [read_span("09:30-12:00"), read_span("13:30-18:00")]
WEEK = dict.fromkeys(range(5), OFFICE)
CHINA = Calendar("Asia/Shanghai", WEEK, public=PublicDays("CN"))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02 09:29", False),
        ("2026-03-02 09:30", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:30", True),
        ("2026-03-02 18:00", False),
        ("2026-03-07 10:00", False),  # Saturday
        ("2026-02-28 10:00", True),  # Saturday, make-up day
        ("2026-10-01 10:00", False),  # National Day
        ("2026-10-10 10:00", True),
    ],
)
def test_office_hours_holidays_and_make_up_days(moment: str, *, is_open: bool) -> None:
    assert CHINA.is_open(at(moment)) is is_open


def test_open_time_is_added_across_lunch_night_weekend_and_holiday() -> None:
    assert CHINA.add_open(at("2026-03-02 11:00"), hours(2)) == at("2026-03-02 14:30")
    assert CHINA.add_open(at("2026-03-02 17:00"), hours(1)) == at("2026-03-02 18:00")
    assert CHINA.add_open(at("2026-03-02 17:00"), hours(1) + timedelta(seconds=1)) == at("2026-03-03 09:30:01")
    assert CHINA.add_open(at("2026-03-06 17:30"), hours(1)) == at("2026-03-09 10:00")
    assert CHINA.add_open(at("2026-09-30 17:30"), hours(1)) == at("2026-10-08 10:00")
    assert CHINA.add_open(at("2026-03-07 10:00"), timedelta()) == at("2026-03-07 10:00")
    with pytest.raises(Invalid):
        CHINA.add_open(at("2026-03-07 10:00"), -hours(1))


def test_open_time_between() -> None:
    assert CHINA.open_between(at("2026-03-02 00:00"), at("2026-03-09 00:00")) == hours(35)
    assert CHINA.open_between(at("2026-03-02 11:00"), at("2026-03-02 14:30")) == hours(2)
    assert CHINA.open_between(at("2026-03-02 14:30"), at("2026-03-02 11:00")) == -hours(2)
    assert CHINA.open_between(at("2026-09-30 18:00"), at("2026-10-08 09:30")) == timedelta()


def test_nights_belong_to_the_day_they_start_on() -> None:
    nights = Calendar("Asia/Shanghai", {4: [read_span("22:00-06:00")]}, [date(2026, 3, 14)])
    assert nights.is_open(at("2026-03-06 23:00"))
    assert nights.is_open(at("2026-03-07 05:59"))
    assert nights.is_open(at("2026-03-14 01:00"))  # the holiday begins while the night shift is still there
    assert not nights.is_open(at("2026-03-06 05:00"))
    assert nights.add_open(at("2026-03-06 12:00"), hours(9)) == at("2026-03-13 23:00")


def test_a_long_night_does_not_count_an_early_morning_twice() -> None:
    both = Calendar("UTC", {0: [Span(22 * 60, 30 * 60)], 1: [Span(5 * 60, 9 * 60)]})
    start, end = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    assert both.open_between(start, end) == hours(11)
    assert both.next_close(start) == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_service_that_never_closes_counts_every_second() -> None:
    service = Calendar("America/New_York", always())
    begin = at("2026-03-01 00:00", NEW_YORK)
    assert service.add_open(begin, timedelta(days=400)) == begin.astimezone(UTC) + timedelta(days=400)
    assert service.is_open(at("2026-03-08 02:30", NEW_YORK))
    assert service.next_close(begin) > begin + timedelta(days=700)


def test_clock_changes_make_days_of_23_and_25_hours() -> None:
    service = Calendar("America/New_York", always())
    spring, autumn = at("2026-03-08 00:00", NEW_YORK), at("2026-11-01 00:00", NEW_YORK)
    assert service.open_between(spring, at("2026-03-09 00:00", NEW_YORK)) == hours(23)
    assert service.open_between(autumn, at("2026-11-02 00:00", NEW_YORK)) == hours(25)
    skipped = Calendar("America/New_York", {6: [read_span("02:00-03:00")]})
    assert skipped.open_between(spring, spring + timedelta(days=1)) == timedelta()
    twice = Calendar("America/New_York", {6: [read_span("01:00-03:00")]})
    assert twice.open_between(autumn, autumn + timedelta(days=1)) == hours(3)


def test_next_opening_and_closing() -> None:
    assert CHINA.next_open(at("2026-03-02 10:00")) == at("2026-03-02 10:00")
    assert CHINA.next_open(at("2026-03-02 12:00")) == at("2026-03-02 13:30")
    assert CHINA.next_open(at("2026-03-06 18:00")) == at("2026-03-09 09:30")
    assert CHINA.next_close(at("2026-03-02 10:00")) == at("2026-03-02 12:00")
    assert CHINA.next_close(at("2026-03-02 12:00")) == at("2026-03-02 18:00")


def test_a_calendar_without_hours_says_so() -> None:
    closed = Calendar("UTC", {})
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert not closed.is_open(now)
    assert closed.open_between(now, now + timedelta(days=30)) == timedelta()
    for ask in (closed.next_open, closed.next_close, lambda t: closed.add_open(t, hours(1))):
        with pytest.raises(NeverOpen):
            ask(now)
    with pytest.raises(NeverOpen):
        closed.add_working_days(date(2026, 3, 2), 1)


def test_working_days_of_legal_deadlines() -> None:
    assert CHINA.add_working_days(date(2026, 9, 30), 7) == date(2026, 10, 15)  # Saturday the 10th is worked
    assert CHINA.add_working_days(date(2026, 3, 6), 0) == date(2026, 3, 6)
    assert CHINA.close_of(date(2026, 3, 6)) == at("2026-03-06 18:00")
    assert CHINA.close_of(date(2026, 3, 7)) is None


def test_openings_are_what_is_counted() -> None:
    assert CHINA.openings(at("2026-09-30 17:00"), at("2026-10-08 10:00")) == [
        (at("2026-09-30 17:00"), at("2026-09-30 18:00")),
        (at("2026-10-08 09:30"), at("2026-10-08 10:00")),
    ]


def test_wrong_calendars_are_refused() -> None:
    with pytest.raises(Invalid):
        Calendar("Mars/Olympus", WEEK)
    with pytest.raises(Invalid):
        Calendar("UTC", {0: [Span(0, 100), Span(99, 200)]})
    with pytest.raises(ValueError, match="zone"):
        CHINA.is_open(datetime(2026, 3, 2))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        ("2026-03-02 10:00", "现在", "now"),
        ("2026-03-02 08:00", "今早 9:30", "today 9:30"),
        ("2026-03-02 12:30", "今天 13:30", "today 13:30"),
        ("2026-03-02 20:00", "明早 9:30", "tomorrow 9:30"),
        ("2026-03-07 10:00", "后天 9:30", "Monday 9:30"),
        ("2026-03-06 20:00", "周一 9:30", "Monday 9:30"),
        ("2026-09-30 20:00", "10月8日 9:30", "8 October 9:30"),
    ],
)
def test_the_next_opening_in_words(now: str, zh: str, en: str) -> None:
    assert CHINA.describe_next_open(at(now), "zh-CN") == zh
    assert CHINA.describe_next_open(at(now), "en") == en


@st.composite
def spans_of_a_day(draw: st.DrawFn) -> list[Span]:
    edges = sorted(set(draw(st.lists(st.integers(0, 95), min_size=0, max_size=6))))
    spans = [Span(start * 15, end * 15) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    if draw(st.booleans()):
        start = draw(st.integers(edges[-1] if edges else 0, 95))
        if not spans or start * 15 >= spans[-1].end:
            spans.append(Span(start * 15, start * 15 + draw(st.integers(1, 96)) * 15))
    return spans


ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"])
NEAR = st.dates(date(2026, 3, 1), date(2026, 4, 10)) | st.dates(date(2026, 10, 20), date(2026, 11, 10))
CALENDARS = st.builds(
    Calendar,
    ZONES,
    st.dictionaries(st.integers(0, 6), spans_of_a_day(), min_size=1),
    st.sets(NEAR, max_size=5),
    st.dictionaries(NEAR, st.none() | spans_of_a_day(), max_size=5),
    st.sampled_from([None, PublicDays("CN"), PublicDays("US"), PublicDays("DE", "BY")]),
)
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
DELTAS = st.timedeltas(timedelta(0), timedelta(days=6))


@given(CALENDARS, MOMENTS, DELTAS)
def test_adding_is_the_inverse_of_measuring(calendar: Calendar, t: datetime, delta: timedelta) -> None:
    assume(any(calendar.spans(date(2026, 6, 1) + timedelta(days=ahead)) for ahead in range(7)))
    end = calendar.add_open(t, delta)
    assert calendar.open_between(t, end) == delta
    if delta:
        assert calendar.open_between(t, end - timedelta(microseconds=1)) < delta


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_open_time_adds_up_and_never_exceeds_the_clock(
    calendar: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    a, b, c = sorted([a, b, c])
    whole = calendar.open_between(a, c)
    assert whole == calendar.open_between(a, b) + calendar.open_between(b, c)
    assert timedelta(0) <= whole <= c - a


@given(CALENDARS, MOMENTS, DELTAS, DELTAS)
def test_more_time_is_never_earlier(calendar: Calendar, t: datetime, one: timedelta, other: timedelta) -> None:
    assume(any(calendar.spans(date(2026, 6, 1) + timedelta(days=ahead)) for ahead in range(7)))
    less, more = sorted([one, other])
    assert calendar.add_open(t, less) <= calendar.add_open(t, more)
    assert calendar.add_open(t, less) <= calendar.add_open(t + one, less)


@given(CALENDARS, MOMENTS)
def test_next_open_is_open_and_nothing_before_it_is(calendar: Calendar, t: datetime) -> None:
    assume(any(calendar.spans(date(2026, 6, 1) + timedelta(days=ahead)) for ahead in range(7)))
    opening = calendar.next_open(t)
    assert calendar.is_open(opening)
    assert calendar.open_between(t, opening) == timedelta()
    assert (opening == t) == calendar.is_open(t)
    close = calendar.next_close(t)
    assert close > opening
    assert calendar.open_between(opening, close) == close - opening
    if close - t < timedelta(days=300):
        assert not calendar.is_open(close)
