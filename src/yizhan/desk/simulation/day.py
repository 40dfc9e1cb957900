"""A day: who comes when and needs what, and who is there to serve. The same seed is the same day."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import Seat, WorkKind

_MIX = {1: 0.2, 2: 0.62, 3: 0.13, 4: 0.05}
_TEAMS, _SKILLS = 6, 12
_SURGE_HOUR, _WIDTH = 20, 2.5


class Arrival(msgspec.Struct, frozen=True):
    """`serve_s` is what it takes once somebody has it; `due_s` the promise of a first answer."""

    at: datetime
    priority: int
    team_id: UUID
    skills: frozenset[UUID]
    serve_s: int
    due_s: int
    kind: WorkKind = WorkKind.CONVERSATION


class Person(msgspec.Struct, frozen=True):
    seat: Seat
    begins: datetime
    ends: datetime


class Day(msgspec.Struct, frozen=True):
    start: datetime
    arrivals: Sequence[Arrival]
    people: Sequence[Person]


def busy_day(
    start: datetime, *, count: int, people: int, live_cap: int = 5, serve_s: int = 360, seed: int = 7
) -> Day:  # fmt: skip
    """Arrivals on the curve of a shop's day, with the surge at eight in the evening; two overlapping shifts."""
    rng = random.Random(seed)  # noqa: S311 - a day to be repeated, nothing secret
    teams, skills = [UUID(int=100 + n) for n in range(_TEAMS)], [UUID(int=200 + n) for n in range(_SKILLS)]
    hours = [0.15 + math.exp(-(((h - _SURGE_HOUR) / _WIDTH) ** 2)) + 0.6 * (9 <= h < 18) for h in range(24)]
    times = sorted(
        start + timedelta(hours=rng.choices(range(24), hours)[0], seconds=rng.uniform(0, 3600)) for _ in range(count)
    )
    arrivals = [_arrival(rng, at, teams, skills, serve_s) for at in times]
    staff = [_person(rng, n, start, teams, skills, live_cap) for n in range(people)]
    return Day(start, arrivals, staff)


def _arrival(
    rng: random.Random, at: datetime, teams: Sequence[UUID], skills: Sequence[UUID], serve_s: int
) -> Arrival:  # fmt: skip
    own = rng.randrange(len(teams))
    needed = frozenset({skills[(2 * own + rng.randrange(4)) % len(skills)]}) if rng.random() < 0.6 else frozenset()
    priority = rng.choices(list(_MIX), list(_MIX.values()))[0]
    took = max(30, int(rng.lognormvariate(math.log(serve_s), 0.5)))
    return Arrival(at, priority, teams[own], needed, took, {4: 30, 3: 60}.get(priority, 120))


def _person(
    rng: random.Random, n: int, start: datetime, teams: Sequence[UUID], skills: Sequence[UUID], live_cap: int
) -> Person:  # fmt: skip
    own = n % len(teams)
    held = {skills[(2 * own + k) % len(skills)]: rng.randint(1, 5) for k in rng.sample(range(4), 3)}
    begins = start + timedelta(hours=(0, 8, 12, 16)[n // _TEAMS % 4])
    seat = Seat(
        agent_id=UUID(int=1_000 + n), name=f"{n + 1}", online=False, live_cap=live_cap, idle_since=start,
        skills=frozenset(held), levels=held, teams=frozenset({teams[own]}),
    )  # fmt: skip
    return Person(seat, begins, begins + timedelta(hours=9))
