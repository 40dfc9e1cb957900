"""What a channel that counts our messages still lets through. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yizhan.records.outbox import Opening, Room, WindowRule, may_send, room_of

SPOKE = datetime(2026, 3, 2, 4, tzinfo=UTC)
MESSAGE = WindowRule("message", 48 * 3600, 5)
MENU = WindowRule("menu", 60, 3)
ANY = WindowRule("paid", 48 * 3600, None)


def after(*minutes: float) -> list[datetime]:
    return [SPOKE + timedelta(minutes=each) for each in minutes]


def test_the_last_one_is_kept_for_asking() -> None:
    spoke = [Opening(MESSAGE, SPOKE)]
    fresh = room_of(spoke, [], 1, SPOKE)
    assert (fresh.left, fresh.free, fresh.until) == (5, 4, SPOKE + timedelta(hours=48))
    last = room_of(spoke, after(1, 2, 3, 4), 1, SPOKE)
    assert (last.left, last.free) == (1, 0)
    assert not may_send(last, kept=False)
    assert may_send(last, kept=True)
    assert not may_send(room_of(spoke, after(1, 2, 3, 4, 5), 1, SPOKE), kept=True)


def test_after_the_window_and_before_his_first_word_nothing_goes() -> None:
    over = room_of([Opening(MESSAGE, SPOKE)], [], 1, SPOKE + timedelta(hours=48))
    assert (over.left, over.reserved) == (0, 0)
    assert not may_send(over, kept=True)
    assert room_of([], [], 1, SPOKE) == Room(0, None, 1)


def test_without_a_reserve_everything_is_for_answers() -> None:
    assert room_of([Opening(WindowRule("message", 3600, 2), SPOKE)], after(1), 0, SPOKE).free == 1


def test_windows_do_not_add_up_the_best_open_one_counts() -> None:
    tapped = SPOKE + timedelta(hours=1)
    both = [Opening(MESSAGE, SPOKE), Opening(MENU, tapped)]
    spent = after(1, 2, 3, 4, 5)
    assert room_of(both, spent, 0, tapped).left == 3
    assert room_of(both, spent, 0, tapped + timedelta(seconds=60)).left == 0
    assert room_of(both, after(1), 0, tapped).left == 4  # his message still leaves more


def test_a_window_without_a_number_lets_everything_through() -> None:
    free = room_of([Opening(MESSAGE, SPOKE), Opening(ANY, SPOKE)], after(*range(1, 30)), 1, SPOKE + timedelta(hours=1))
    assert (free.left, free.free) == (None, None)
    assert may_send(free, kept=False)


@given(st.lists(st.integers(0, 5000), max_size=20), st.integers(0, 5000), st.integers(0, 3))
def test_no_more_goes_than_the_largest_rule_allows(sent: list[int], now: int, reserved: int) -> None:
    moment = SPOKE + timedelta(minutes=now)
    room = room_of([Opening(MESSAGE, SPOKE), Opening(MENU, SPOKE)], after(*sent), reserved, moment)
    assert room.left is not None
    assert 0 <= room.left <= 5
    assert room.left == 0 or room.left <= max(0, 5 - len(sent))
    assert room.reserved <= max(room.left, 0)
    assert may_send(room, kept=False) <= may_send(room, kept=True)
