"""Whatever happens on a floor, the board keeps its promises: over thousands of random days."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.desk.routing.schedules import START, Schedule
from tests.desk.routing.test_board import board, given_to, seat, uid, work
from yizhan.desk.routing import Board, Chain, Decision, LoadKind, Reason, Seat, Seated, Step, Waiting, WorkKind

_STEPS = 40
MINUTE = timedelta(minutes=1)


def play(seed: int) -> None:
    schedule = Schedule(seed)
    for _ in range(_STEPS):
        schedule.step()
        in_order(schedule.decide())
        schedule.check()


def in_order(made: list[Decision]) -> None:
    """By the priority that waiting has made of it, then who stands at the front, then who waited longest."""
    places = [
        (-d.explanation.priority, not d.work.front, d.work.seniority, d.work.id) for d in made if d.explanation
    ]  # fmt: skip
    assert places == sorted(places), "somebody was passed over"


@pytest.mark.parametrize("block", range(5))
def test_random_days(block: int) -> None:
    for seed in range(100 * block, 100 * (block + 1)):
        play(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_random_days(block: int) -> None:
    for seed in range(1000 * (block + 1), 1000 * (block + 2)):
        play(seed)


@pytest.mark.parametrize("weight", [1, 3])
def test_waiting_lifts_to_the_head_in_the_end(weight: int) -> None:
    """More urgent work than anybody can do, without end: what is not urgent, and what is heavy, has its turn."""
    made, now = Board(), START
    one = seat(1, live_cap=3)
    made.apply(Seated(msgspec.structs.replace(one)))
    modest = msgspec.structs.replace(
        work(1, priority=1, weight=weight), since=now, seniority=now, ageing=5 * MINUTE
    )  # fmt: skip
    made.apply(Waiting(modest))
    open_: list[int] = []
    served = None
    for n in range(2, 2000):
        now += timedelta(seconds=10)
        made.apply(Waiting(msgspec.structs.replace(work(n, priority=4), since=now, seniority=now, ageing=5 * MINUTE)))
        if n % 2 and open_:  # somebody is served half as fast as they come
            one = msgspec.structs.replace(one, live=one.live - open_.pop(0))
            made.apply(Seated(msgspec.structs.replace(one)))
        for d in made.decide(now):
            one.live += d.work.weight
            open_.append(d.work.weight)
            served = now if d.work.id == uid(1) else served
        if served:
            break
    assert served is not None
    assert served - START < timedelta(hours=1)


def test_room_is_kept_for_heavy_work_at_the_head_and_that_is_told() -> None:
    heavy = work(100, priority=4, weight=3)
    made = board(seat(1, live_cap=3, live=2), heavy, work(101))
    assert made.decide(START) == []
    assert made.is_kept(uid(1), heavy.load)
    made.apply(Seated(seat(1, live_cap=3, live=1)))
    assert made.decide(START) == []
    made.apply(Seated(seat(1, live_cap=3)))
    assert given_to(made.decide(START)) == [(100, 1)]
    made.apply(Seated(seat(1, live_cap=3, live=2)))
    assert given_to(made.decide(START)) == [(101, 1)]


def test_levels_wishes_and_seniority() -> None:
    def who(*people: Seat, **asked: object) -> int:
        (told,) = board(*(msgspec.structs.replace(p) for p in people), work(100, **asked)).decide(START)
        assert told.agent_id is not None
        return told.agent_id.int

    repair = uid(7)
    novice = seat(1, skills=frozenset({repair}), levels={repair: 2})
    expert = seat(2, skills=frozenset({repair}), levels={repair: 5}, live=4)
    needs = frozenset({repair})
    assert who(novice, expert, skills=needs) == 1
    assert who(novice, expert, skills=needs, levels={repair: 3}) == 2
    assert who(novice, expert, wishes=needs) == 2
    assert who(novice, expert, skills=needs, senior=True) == 2
    assert who(seat(1, live=2, handling_s=600), seat(2, live=2, handling_s=120)) == 2


def test_the_same_matter_goes_back_to_whom_it_was_with() -> None:
    soon = work(100, bound_to=uid(1), bound_until=START + MINUTE)
    (told,) = board(seat(1, live=5), seat(2), soon).decide(START)
    assert told.explanation is not None
    assert (told.agent_id, told.explanation.reason) == (uid(1), Reason.TOPIC)
    assert given_to(board(seat(1, live=5), seat(2), soon).decide(START + 2 * MINUTE)) == [(100, 2)]
    assert given_to(board(seat(1, live=6), seat(2), soon).decide(START)) == [(100, 2)]


PHONE, CHAT = uid(8), uid(9)


def test_others_help_a_team_that_is_overrun_until_its_queue_is_short_again() -> None:
    callers = [work(100 + n, team_id=PHONE, waited=50 - n, priority=4 if n == 0 else 2) for n in range(5)]
    phone = seat(1, live_cap=1, live=1, teams=frozenset({PHONE}))
    chat = seat(2, live_cap=2, teams=frozenset({CHAT}))
    made = board(phone, chat, *callers)
    assert made.decide(START) == []
    made.follow([Chain(team_id=PHONE, steps=(Step(CHAT, length=4),), back_length=2)])
    first = made.decide(START)
    assert given_to(first) == [(101, 2), (102, 2)]  # the urgent one stays with its own
    assert {d.explanation.reason for d in first if d.explanation} == {Reason.OVERFLOW}
    assert [(s.team_id, s.helpers) for s in made.spills()] == [(PHONE, (CHAT,))]
    made.apply(Seated(seat(2, live_cap=2, live=1, teams=frozenset({CHAT}))))
    assert given_to(made.decide(START)) == [(103, 2)]  # three wait: it goes on until two do
    made.apply(Seated(seat(2, live_cap=2, teams=frozenset({CHAT}))))
    assert made.decide(START) == []
    assert not list(made.spills())


def test_a_wait_that_is_too_long_overflows_too() -> None:
    made = board(seat(2, teams=frozenset({CHAT})), seat(1, online=False, teams=frozenset({PHONE})))
    made.follow([Chain(team_id=PHONE, steps=(Step(CHAT, wait=2 * MINUTE),))])
    late = msgspec.structs.replace(work(100, team_id=PHONE), since=START, seniority=START)
    made.apply(Waiting(late))
    assert made.decide(START + MINUTE) == []
    assert given_to(made.decide(START + 2 * MINUTE)) == [(100, 2)]


def test_calls_to_be_returned_make_a_queue_too_where_a_document_says_so() -> None:
    calls = [work(100 + n, kind=WorkKind.TICKET, team_id=PHONE, waited=50 - n) for n in range(3)]
    chat = seat(2, teams=frozenset({CHAT}))
    made = board(seat(1, async_cap=0, teams=frozenset({PHONE})), chat, *calls)
    made.follow([Chain(team_id=PHONE, steps=(Step(CHAT, length=3),))])
    assert made.decide(START) == []
    made.follow([Chain(team_id=PHONE, steps=(Step(CHAT, length=3),), counts=tuple(LoadKind))])
    assert given_to(made.decide(START)) == [(100, 2), (101, 2), (102, 2)]


def test_pulled_work_is_dealt_out_to_nobody() -> None:
    made = board(seat(1), work(100, pulled=True), work(101))
    assert given_to(made.decide(START)) == [(101, 1)]
    assert [w.id for w in made.waiting()] == [UUID(int=100)]
