"""The clock of a target: what is used up, and when the rest is, over pauses and closing times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yizhan.desk.sla.timing import Timepiece, running
from yizhan.foundation.calendar import Calendar, PublicDays, always, read_span

START = datetime(2026, 2, 10, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = [read_span("09:30-12:00"), read_span("13:30-18:00")]
CHINA = Timepiece(Calendar("Asia/Shanghai", dict.fromkeys(range(5), OFFICE), public=PublicDays("CN")))
NIGHTS = Timepiece(Calendar("America/New_York", {0: [read_span("22:00-06:00")], 6: [read_span("01:00-04:00")]}))
TWO_ZONES = Timepiece(Calendar("Europe/Berlin", always(), [date(2026, 3, 29)], {date(2026, 10, 25): None}))
CLOCKS = st.sampled_from([Timepiece(), CHINA, NIGHTS, TWO_ZONES])
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 20), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
SECONDS = st.integers(1, 5 * 24 * 3600)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> tuple[tuple[datetime, datetime], ...]:
    edges = sorted(draw(st.lists(st.integers(0, 20 * 24 * 3600), min_size=0, max_size=8)))
    instants = [start + timedelta(seconds=edge) for edge in edges]
    return tuple(zip(instants[::2], instants[1::2], strict=False))


@given(CLOCKS, STARTS, SECONDS, st.data())
def test_what_is_spent_when_it_is_reached_is_what_was_allowed(
    clock: Timepiece, start: datetime, seconds: int, data: st.DataObject
) -> None:
    paused = data.draw(pauses(start))
    end = clock.reach(start, paused, seconds)
    assert clock.spent(start, paused, end) == seconds
    assert clock.spent(start, paused, end - timedelta(microseconds=1)) == seconds - 1
    counted = clock.counted(start, paused, end)
    assert sum((b - a for a, b in counted), timedelta()) == timedelta(seconds=seconds)
    assert all(not (begin < b and a < stop) for a, b in counted for begin, stop in paused)


@given(CLOCKS, STARTS, SECONDS, st.data())
def test_a_pause_never_brings_the_end_nearer(
    clock: Timepiece, start: datetime, seconds: int, data: st.DataObject
) -> None:
    paused = data.draw(pauses(start))
    assert clock.reach(start, paused, seconds) >= clock.reach(start, (), seconds)


def test_over_the_spring_festival() -> None:
    """Tuesday the 10th to Friday the 27th: nine working days, Saturday the 14th among them, and nine days off."""
    assert CHINA.reach(START, (), 9 * 7 * 3600) == datetime(2026, 2, 27, 10, 0, tzinfo=UTC)
    assert CHINA.reach(START, (), 5 * 7 * 3600) == datetime(2026, 2, 14, 10, 0, tzinfo=UTC)


def test_stretches_between_pauses() -> None:
    end = START + 5 * HOUR
    paused = [(START + HOUR, START + 2 * HOUR), (START + 3 * HOUR, START + 9 * HOUR)]
    assert running(START, paused, end) == [(START, START + HOUR), (START + 2 * HOUR, START + 3 * HOUR)]
    assert running(START, [], START) == []
    assert running(START, [(START - HOUR, START + HOUR)], end) == [(START + HOUR, end)]
