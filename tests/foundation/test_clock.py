from datetime import UTC, datetime, timedelta, timezone

import pytest

from yizhan.foundation.clock import Clock, FakeClock, SystemClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(minutes=5)) == clock.now() == NOON + timedelta(minutes=5)
    clock.set(NOON - timedelta(days=1))
    assert clock.now() == NOON - timedelta(days=1)


def test_tells_every_time_in_utc() -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    clocks: list[Clock] = [FakeClock(shanghai), SystemClock()]
    assert all(clock.now().tzinfo is UTC for clock in clocks)


def test_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        FakeClock(NOON.replace(tzinfo=None))
