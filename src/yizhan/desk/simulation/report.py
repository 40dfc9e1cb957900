"""A day under one set of rules, and what people look at when they compare two: waits, loads, promises, the queue."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.simulation.day import Day
from yizhan.desk.simulation.dealer import BoardDealer
from yizhan.desk.simulation.measures import Waits, measure, waited_s
from yizhan.desk.simulation.rules import Rules
from yizhan.desk.simulation.run import Served, simulate
from yizhan.desk.simulation.targets import Promise, judge, promises

_BUCKET = timedelta(minutes=10)
_BUCKETS = 144
_OF_SIMULATING = 0.85
Progress = Callable[[float], None]


class Load(msgspec.Struct, frozen=True):
    """One agent's day: `work_s` of all he had beside one another, while he was there for `there_s`."""

    agent_id: UUID
    name: str
    served: int
    work_s: int
    there_s: int


class Findings(msgspec.Struct, frozen=True):
    """`waits` by priority from 1 low to 4 urgent, seconds. `gini` and `matched` as in Outcome. `helped` were served by
    another team. `moved` are the times that a conversation went on because nobody said a word in it. `queue` is the
    most that waited in each ten minutes of the day. `took_s` is machine time."""

    arrivals: int
    served: int
    left: int
    unserved: int
    helped: int
    waits: dict[int, Waits]
    gini: float
    matched: float
    loads: list[Load]
    queue: list[int]
    by_priority: list[Promise]
    by_type: list[Promise]
    took_s: float
    moved: int = 0

    @property
    def late(self) -> int:
        return sum(each.late for each in self.by_priority)


def live(day: Day, rules: Rules, progress: Progress = lambda share: None) -> Findings:
    """The day under these rules. What `progress` raises ends it."""
    began = time.perf_counter()
    decided = rules.decided(day)
    dealer = BoardDealer(decided, rules.routing, rules.chains, rules.priority, rules.roster)
    served = simulate(decided, dealer, progress=lambda share: progress(share * _OF_SIMULATING), ladder=rules.ladder)
    judged = judge(decided, served, dealer.promoted, rules.sla)
    outcome = measure(decided, served)
    left = sum(each.left for each in served)
    found = Findings(
        outcome.served + outcome.unserved, outcome.served, left, outcome.unserved - left, _helped(decided, served),
        outcome.by_priority,
        outcome.gini, outcome.matched, _loads(decided, served), _queue(decided, served),
        promises(judged, "priority"), promises(judged, "type"), round(time.perf_counter() - began, 2),
        sum(each.moved for each in served),
    )  # fmt: skip
    progress(1.0)
    return found


def _helped(day: Day, served: Sequence[Served]) -> int:
    teams = {person.seat.agent_id: person.seat.teams for person in day.people}
    return sum(
        each.agent_id is not None and each.arrival.team_id is not None and each.arrival.holder is None
        and each.arrival.team_id not in teams[each.agent_id]
        for each in served
    )  # fmt: skip


def _loads(day: Day, served: Sequence[Served]) -> list[Load]:
    count: Counter[UUID] = Counter()
    work: Counter[UUID] = Counter()
    for each in served:
        if each.agent_id is not None:
            count[each.agent_id] += each.arrival.holder is None
            work[each.agent_id] += each.arrival.serve_s
    return [
        Load(p.seat.agent_id, p.seat.name, count[p.seat.agent_id], work[p.seat.agent_id], int(p.seconds))
        for p in day.people
    ]  # fmt: skip


def _queue(day: Day, served: Sequence[Served]) -> list[int]:
    """Who was taken at once never stood in it."""
    marks: list[tuple[datetime, int]] = []
    for each in served:
        waited = waited_s(day, each)
        if waited > 0:
            marks += [(each.arrival.at, 1), (each.arrival.at + timedelta(seconds=waited), -1)]
    most = [0] * _BUCKETS
    length, bucket = 0, 0
    for at, by in sorted(marks):
        reached = min(_BUCKETS - 1, max(0, int((at - day.start) / _BUCKET)))
        for passed in range(bucket + 1, reached + 1):
            most[passed] = length
        bucket, length = reached, length + by
        most[bucket] = max(most[bucket], length)
    return most
