"""Other rules on the same day: the same numbers for the same rules, and stricter ones tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.app.rules import KINDS
from yizhan.desk import simulation
from yizhan.desk.routing import WorkKind
from yizhan.desk.simulation import Arrival, Comparison, Day, Rules
from yizhan.desk.simulation.dealer import BoardDealer
from yizhan.desk.simulation.habits import Habits
from yizhan.desk.simulation.run import simulate
from yizhan.foundation.ids import new_id
from yizhan.records.config import DEFAULT, Body, Document, Published
from yizhan.records.rosters import OnDuty, ShiftKind

START = datetime(2026, 11, 11, tzinfo=UTC)
TEAM, SKILL = UUID(int=100), UUID(int=200)
BUSY = simulation.busy_day(START, count=900, people=18, seed=5)


def published(*said: tuple[str, str, Body]) -> Published:
    bodies: dict[tuple[str, str], Any] = {
        (kind.name, DEFAULT): msgspec.to_builtins(kind.default) for kind in KINDS if kind.default is not None
    }
    bodies |= {(kind, name): {**bodies.get((kind, name), {}), **body} for kind, name, body in said}
    return Published(KINDS, 1, [
        Document(new_id(START), kind, name, 1, body, START, "test", "") for (kind, name), body in bodies.items()
    ])  # fmt: skip


def promise(first: int, resolution: int = 600) -> tuple[str, str, Body]:
    targets = {"first_response": {"minutes": first, "clock": "calendar"},
               "resolution": {"minutes": resolution, "clock": "calendar"}}  # fmt: skip
    return "sla_policy", DEFAULT, {"targets": {"any": targets}}


def same_but_time(found: simulation.Findings) -> simulation.Findings:
    return msgspec.structs.replace(found, took_s=0)


def test_the_same_day_and_rules_give_the_same_numbers() -> None:
    first, again = (simulation.live(BUSY, Rules(published())) for _ in range(2))
    assert same_but_time(first) == same_but_time(again)


def test_a_stricter_promise_is_broken_more_often_and_nothing_else_changes() -> None:
    mild, strict = (simulation.live(BUSY, Rules(published(promise(minutes)))) for minutes in (30, 1))
    assert strict.late > mild.late > 0
    assert (strict.waits, strict.gini, strict.queue) == (mild.waits, mild.gini, mild.queue)
    assert sum(p.count for p in strict.by_priority) == sum(p.count for p in strict.by_type) == 2 * len(BUSY.arrivals)


def test_fewer_places_make_a_longer_queue() -> None:
    wide, narrow = simulation.live(BUSY, Rules(published())), simulation.live(
        BUSY, Rules(published(("routing", DEFAULT, {"live_cap": 1})))
    )  # fmt: skip
    assert max(narrow.queue) > max(wide.queue)
    assert narrow.waits[2].p95 > wide.waits[2].p95


def test_rules_of_priority_decide_again_and_waiting_raises() -> None:
    at = START + timedelta(hours=9)
    member = Arrival(at, 2, TEAM, frozenset(), 60, 120, found=2, facts={"level": 2, "repeats": 0, "type": "consult"})
    low = msgspec.structs.replace(member, found=1, facts={**member.facts, "level": 0})
    day = Day(START, [member, low], [])
    rules = Rules(published())
    assert [a.priority for a in rules.decided(day).arrivals] == [3, 1]
    found = simulation.live(day, rules)
    assert {p.key for p in found.by_priority if p.kind == "first_response"} == {"2", "3"}  # low was raised to 2
    assert found.unserved == 2


def test_a_campaign_ranks_what_waits_anew_in_the_middle_of_a_day() -> None:
    """One person, one place: who came first would be first, but the sale begins while both wait."""
    seat = msgspec.structs.replace(BUSY.people[0].seat, teams=frozenset({TEAM}), live_cap=1)
    nine = START + timedelta(hours=9)
    facts = {"type": "consult", "level": 0}
    came = [
        Arrival(nine, 2, TEAM, frozenset(), 600, 120, found=2, facts={**facts, "level": 9}),
        Arrival(nine + timedelta(seconds=1), 2, TEAM, frozenset(), 60, 120, found=2, facts=facts),
        Arrival(nine + timedelta(seconds=2), 2, TEAM, frozenset(), 60, 120, found=2, facts={**facts, "type": "refund"}),
    ]
    sale = {"key": "sale", "priority": 3, "start": (nine + timedelta(minutes=5)).isoformat(),
            "when": {"field": "type", "op": "eq", "value": "refund"}}  # fmt: skip
    waits = []
    for rules in ([], [sale]):
        found = Rules(published(("priority_rules", DEFAULT, {"rules": rules})))
        dealer = BoardDealer(Day(START, came, [simulation.Person(seat, START, START + timedelta(hours=24))]),
                             found.routing, priority=found.priority)  # fmt: skip
        day = Day(START, came, [simulation.Person(seat, START, START + timedelta(hours=24))])
        waits.append([each.waited or 0.0 for each in simulate(day, dealer)])
    (_, second, third), (_, later, sooner) = waits
    assert second < third
    assert sooner < later


def test_an_overrun_team_is_helped_where_a_document_says_so() -> None:
    helper = UUID(int=101)
    chain = {"team": str(TEAM), "steps": [{"team": str(helper), "waiting": 1}]}
    seat = simulation.Person(msgspec.structs.replace(BUSY.people[0].seat, teams=frozenset({helper})), START, START
                             + timedelta(hours=24))  # fmt: skip
    own = simulation.Person(msgspec.structs.replace(BUSY.people[1].seat, teams=frozenset({TEAM}), live_cap=1), START,
                            START + timedelta(hours=24))  # fmt: skip
    arrivals = [Arrival(START + timedelta(hours=9, seconds=n), 2, TEAM, frozenset(), 600, 120) for n in range(5)]
    day = Day(START, arrivals, [seat, own])
    alone = simulation.live(day, Rules(published()))
    helped = simulation.live(day, Rules(published(("overflow", "after", chain))))
    assert (alone.helped, helped.helped > 0) == (0, True)
    assert helped.waits[2].p95 < alone.waits[2].p95


def test_whom_nobody_answers_moves_on_to_the_next_and_later_answers_are_judged() -> None:
    """Two are there; the first overlooks it. Without moving on the customer waits for his word at last."""
    seats = [
        simulation.Person(
            msgspec.structs.replace(BUSY.people[n].seat, teams=frozenset({TEAM})), START, START + timedelta(hours=24)
        ) for n in (0, 1)
    ]  # fmt: skip
    came = Arrival(
        START + timedelta(hours=9), 2, TEAM, frozenset(), 300, 120, reply_s=10, resolve_s=300, misses=1,
        turns=((60, 20), (120, 400)), facts={"type": "consult"},
    )  # fmt: skip
    day = Day(START, [came], seats)
    policy: Body = {"targets": {"any": {
        "first_response": {"minutes": 3, "clock": "calendar"}, "next_response": {"minutes": 5, "clock": "calendar"},
    }}}  # fmt: skip
    moves, stays = (
        simulation.live(day, Rules(published(("sla_policy", DEFAULT, policy), ("routing", DEFAULT, {"move_s": span}))))
        for span in (120, None)
    )
    late = [{(p.kind, p.count, p.late) for p in each.by_priority} for each in (moves, stays)]
    assert (moves.moved, stays.moved) == (1, 0)
    assert late == [
        {("first_response", 1, 0), ("next_response", 2, 1)}, {("first_response", 1, 1), ("next_response", 2, 1)},
    ]  # fmt: skip
    assert [each.work_s for each in moves.loads] == [0, 300]


def test_who_lets_two_wait_is_busy_for_a_while_and_then_back() -> None:
    first, second = (msgspec.structs.replace(BUSY.people[n].seat, teams=frozenset({TEAM})) for n in (0, 1))
    nine = START + timedelta(hours=9)
    people = [
        simulation.Person(first, START, START + timedelta(hours=24)),
        simulation.Person(second, nine + timedelta(minutes=1), START + timedelta(hours=24)),
    ]
    came = [
        Arrival(nine + timedelta(seconds=at), 2, TEAM, frozenset(), took, 120, reply_s=10, misses=misses)
        for at, took, misses in ((0, 1000, 1), (1, 1000, 1), (180, 1000, 0), (600, 77, 0))
    ]
    strict, lenient = (
        simulation.live(Day(START, came, people), Rules(published(("routing", DEFAULT, {"misses_to_busy": most}))))
        for most in (2, 0)
    )
    assert [each.work_s for each in strict.loads] == [77, 3000]
    assert [each.work_s for each in lenient.loads] == [1077, 2000]


def test_how_long_each_takes_is_measured_through_the_day() -> None:
    habits = Habits()
    for number in range(5):
        habits.began(TEAM, number, START)
        assert habits.handling_s(TEAM, 300) == 300
        habits.ended(TEAM, number, START + timedelta(seconds=100), missed=number > 2)
    assert habits.handling_s(TEAM, 300) == 100
    assert (habits.misses(TEAM, 2), habits.misses(TEAM, 3)) == (True, False)


def test_what_lay_on_a_desk_takes_room_from_the_first_moment() -> None:
    seat = msgspec.structs.replace(BUSY.people[0].seat, teams=frozenset({TEAM}), live_cap=1)
    person = simulation.Person(seat, START, START + timedelta(hours=24))
    before = Arrival(
        START - timedelta(hours=1), 2, TEAM, frozenset(), 900, 120, holder=seat.agent_id, promised=False
    )  # fmt: skip
    came = Arrival(START + timedelta(minutes=1), 2, TEAM, frozenset(), 60, 120)
    found = simulation.live(Day(START, [before, came], [person]), Rules(published()))
    assert (found.arrivals, found.served, found.waits[2].p50) == (1, 1, 14 * 60)
    assert found.loads[0].work_s == 960


def test_nobody_is_given_live_work_shortly_before_his_shift_ends() -> None:
    seat = msgspec.structs.replace(BUSY.people[0].seat, teams=frozenset({TEAM}))
    end = START + timedelta(hours=9)
    shift = OnDuty(
        shift_id=TEAM, agent_id=seat.agent_id, team_id=TEAM, kind=ShiftKind.DAY, starts_at=START, ends_at=end, until=end
    )  # fmt: skip
    came = Arrival(end - timedelta(minutes=20), 2, TEAM, frozenset(), 60, 120)
    day = Day(START, [came], [simulation.Person(seat, START, end + timedelta(hours=1))], shifts=[shift])
    usual = simulation.live(day, Rules(published()))
    early = simulation.live(day, Rules(published(("roster", DEFAULT, {"wind_down_s": 1800}))))
    assert (usual.waits[2].p50, early.waits[2].p50) == (0, 30 * 60)  # served once the end was swept


def test_who_comes_in_is_not_given_all_letters_of_the_night_at_once() -> None:
    letters = [
        Arrival(START + timedelta(minutes=n), 2, TEAM, frozenset(), 4 * 3600, 120, kind=WorkKind.TICKET)
        for n in range(20)
    ]
    seat = msgspec.structs.replace(BUSY.people[0].seat, teams=frozenset({TEAM}), live_cap=5, async_cap=30)
    came = START + timedelta(hours=8)
    day = Day(START, letters, [simulation.Person(seat, came, came + timedelta(hours=9))])
    served = simulation.simulate(day, simulation.BoardDealer(day))
    given_at = sorted(((each.arrival.at - came).total_seconds() + (each.waited or 0)) for each in served)
    assert given_at == [0] * 8 + [600] * 12


@given(
    st.lists(st.tuples(st.integers(0, 3600), st.integers(1, 4), st.integers(1, 900), st.booleans(),
                       st.none() | st.integers(1, 600)), min_size=1, max_size=40),
    st.integers(0, 4), st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_no_work_is_invented_or_lost(came: list[tuple[int, int, int, bool, int | None]], people: int, cap: int) -> None:
    arrivals = sorted((
        Arrival(START + timedelta(seconds=at), priority, None, frozenset(), took, 60, patience_s=patience,
                kind=WorkKind.TICKET if letter else WorkKind.CONVERSATION)
        for at, priority, took, letter, patience in came
    ), key=lambda a: a.at)  # fmt: skip
    staff = [
        msgspec.structs.replace(person, seat=msgspec.structs.replace(person.seat, live_cap=cap))
        for person in BUSY.people[:people]
    ]
    found = simulation.live(Day(START, arrivals, staff), Rules(published()))
    assert found.arrivals == found.served + found.left + found.unserved == len(came)
    assert sum(load.served for load in found.loads) == found.served
    assert sum(w.count for w in found.waits.values()) == len(came)
    assert max(found.queue) <= len(came)


@pytest.mark.parametrize("factor", [1, 3])
def test_a_day_may_come_several_times_as_busy(factor: int) -> None:
    many = simulation.times(BUSY, factor)
    assert len(many.arrivals) == factor * len(BUSY.arrivals)
    assert list(many.arrivals) == sorted(many.arrivals, key=lambda a: a.at)


def test_what_is_told_survives_the_table() -> None:
    compared = simulation.compared(BUSY, simulation.WhichDay("generated"), published(), published(promise(5)))
    assert [(c.kind, c.name) for c in compared.changes] == [("sla_policy", DEFAULT)]
    told = msgspec.to_builtins(compared, str_keys=True)
    assert msgspec.convert(told, Comparison, strict=False) == compared
