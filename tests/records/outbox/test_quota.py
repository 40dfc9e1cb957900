"""What a channel that counts our messages still lets through. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yizhan.records.outbox import Quota, Room, may_send, room_of

SPOKE = datetime(2026, 3, 2, 4, tzinfo=UTC)
QUOTA = Quota(5, timedelta(hours=48), reserved=1)


def test_the_last_one_is_kept_for_asking() -> None:
    fresh = room_of(QUOTA, SPOKE, 0, SPOKE)
    assert (fresh.left, fresh.free, fresh.until) == (5, 4, SPOKE + timedelta(hours=48))
    last = room_of(QUOTA, SPOKE, 4, SPOKE)
    assert (last.left, last.free) == (1, 0)
    assert not may_send(last, rating=False)
    assert may_send(last, rating=True)
    assert not may_send(room_of(QUOTA, SPOKE, 5, SPOKE), rating=True)


def test_after_the_window_and_before_his_first_word_nothing_goes() -> None:
    over = room_of(QUOTA, SPOKE, 0, SPOKE + timedelta(hours=48))
    assert (over.left, over.reserved) == (0, 0)
    assert not may_send(over, rating=True)
    assert room_of(QUOTA, None, 0, SPOKE) == Room(0, None, 1)


def test_without_a_reserve_everything_is_for_answers() -> None:
    assert room_of(Quota(2, timedelta(hours=1)), SPOKE, 1, SPOKE).free == 1
