"""The same day twice: under our board and as others deal it out."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.desk.routing.floor import routing_rules
from yizhan.desk.simulation import (
    BoardDealer,
    Dealer,
    LeastOpen,
    Outcome,
    RoundRobin,
    busy_day,
    compare,
    gini,
    measure,
    simulate,
)

pytestmark = pytest.mark.slow
START = datetime(2026, 11, 11, tzinfo=UTC)
DAY = busy_day(START, count=8000, people=44, seed=3)


def live(dealer: Dealer) -> Outcome:
    return measure(DAY, simulate(DAY, dealer))


def test_the_same_day_is_the_same_twice() -> None:
    assert busy_day(START, count=50, people=6, seed=3) == busy_day(START, count=50, people=6, seed=3)
    assert live(BoardDealer(DAY)) == live(BoardDealer(DAY))


def test_everybody_is_served_once_and_nobody_is_overloaded() -> None:
    served = simulate(DAY, BoardDealer(DAY))
    assert len(served) == 8000
    caps = {p.seat.agent_id: p.seat.live_cap for p in DAY.people}
    marks = []
    for each in served:
        if each.agent_id is not None and each.waited is not None:
            took = each.arrival.serve_s * (1 if each.matched else 1.5)
            begun = each.arrival.at.timestamp() + each.waited
            marks += [(round(begun, 3), 1, each.agent_id), (round(begun + took, 3), -1, each.agent_id)]
    open_ = dict.fromkeys(caps, 0)
    for _, by, agent in sorted(marks):
        open_[agent] += by
        assert open_[agent] <= caps[agent]


@pytest.mark.parametrize("rival", [RoundRobin, LeastOpen])
def test_the_urgent_wait_at_most_half_as_long_and_the_skill_is_there(rival: type[RoundRobin | LeastOpen]) -> None:
    ours, theirs = live(BoardDealer(DAY)), live(rival(DAY))
    assert ours.by_priority[4].p95 <= theirs.by_priority[4].p95 / 2
    assert ours.matched > theirs.matched


def test_what_a_change_would_do_is_told_before_it_is_released() -> None:
    before = live(BoardDealer(DAY))
    after = live(BoardDealer(DAY, routing_rules({"live_cap": 3})))
    told = {what: (was, now) for what, was, now in compare(before, after)}
    assert told["late.1"][1] > told["late.1"][0]
    assert msgspec.json.decode(msgspec.json.encode(after), type=Outcome) == after


def test_gini_is_nothing_where_all_carry_the_same() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([]) == 0
