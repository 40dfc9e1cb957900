"""How long doors stay shut and sessions open."""

from datetime import UTC, datetime, timedelta

import pytest

from yizhan.records.access import SessionTerms, weakness
from yizhan.records.access.policy import LONGEST_LOCK, lock_after, session_alive

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_every_fifth_failure_shuts_the_door_twice_as_long() -> None:
    locks = {failures: lock_after(failures) for failures in range(1, 21)}
    assert {failures: lock for failures, lock in locks.items() if lock} == {
        5: 15 * MINUTE,
        10: 30 * MINUTE,
        15: 60 * MINUTE,
        20: 120 * MINUTE,
    }
    assert lock_after(5 * 1000) == LONGEST_LOCK
    assert lock_after(0) is None


def test_a_session_lives_until_the_sooner_of_its_two_ends() -> None:
    terms = SessionTerms(life=timedelta(hours=16), idle=timedelta(hours=2))
    end = NOW + timedelta(hours=1)
    assert session_alive(NOW, NOW - timedelta(minutes=119), end, terms)
    assert not session_alive(NOW, NOW - timedelta(hours=2), end, terms)
    assert not session_alive(end, end - MINUTE, end, terms)


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("short-one", True),
        ("long enough once", False),
        ("lin-lin-lin-lin", True),
        ("aaaaaaaaaaaaaa", True),
        ("山雀生活客服驿站密码", False),
        ("x" * 201, True),
    ],
)
def test_length_is_what_counts(password: str, weak: bool) -> None:
    assert (weakness(password, "Lin") is not None) is weak
