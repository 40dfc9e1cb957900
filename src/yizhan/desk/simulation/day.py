"""A day: who comes when and needs what, and who is there to serve. The same seed is the same day."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import Seat, WorkKind
from yizhan.records.rosters import OnDuty, ShiftKind

_MIX = {1: 0.2, 2: 0.62, 3: 0.13, 4: 0.05}
_TYPES = {"consult": 0.5, "aftersale": 0.28, "refund": 0.14, "complaint": 0.08}
_DUE = {4: 30, 3: 60}
_USUAL_DUE = 120
_TEAMS, _SKILLS = 6, 12
_SURGE_HOUR, _WIDTH = 20, 2.5
_SHIFTS = (0, 8, 12, 16)
_LETTERS = 0.15
_ANSWER_S = 25
_OVERLOOKED = 0.02
_NOTHING: Mapping[str, object] = {}


Turn = tuple[int, int | None]


class Arrival(msgspec.Struct, frozen=True):
    """`serve_s` is what it takes once somebody has it, `due_s` the promise of a first answer.

    Of a day that was: `reply_s` from having it to the first answer, `resolve_s` to its solution; who left unserved
    left after `patience_s`. `facts` are those that conditions ask for; `found` is how urgent it was before rules
    of priority looked at it. `promised` is a matter of its own, not more words of one before. None is not known.

    The first `misses` who have it say no word to it. `turns` are what the customer says later and what it takes to
    answer: seconds since somebody had it, and from then on. What was on the desk of `holder` when the day began
    takes him `serve_s` more.
    """

    at: datetime
    priority: int
    team_id: UUID | None
    skills: frozenset[UUID]
    serve_s: int
    due_s: int
    kind: WorkKind = WorkKind.CONVERSATION
    channel: str = "webchat"
    inbox_id: UUID | None = None
    level: int | None = None
    type: str = ""
    contact_id: UUID | None = None
    ticket_id: UUID | None = None
    promised: bool = True
    reply_s: int | None = None
    resolve_s: int | None = None
    patience_s: int | None = None
    found: int | None = None
    facts: Mapping[str, object] = _NOTHING
    misses: int = 0
    turns: tuple[Turn, ...] = ()
    holder: UUID | None = None


class Person(msgspec.Struct, frozen=True):
    """There from `begins` to `ends`; where `spells` are said, only in these."""

    seat: Seat
    begins: datetime
    ends: datetime
    spells: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def there(self) -> Sequence[tuple[datetime, datetime]]:
        return self.spells or ((self.begins, self.ends),)

    @property
    def seconds(self) -> float:
        return sum((end - begin).total_seconds() for begin, end in self.there)


class Day(msgspec.Struct, frozen=True):
    """`skills` are the keys of skills as documents name them, `shifts` those of the roster; `unknown` counts what could
    not be known."""

    start: datetime
    arrivals: Sequence[Arrival]
    people: Sequence[Person]
    skills: Mapping[UUID, str] = {}
    unknown: Mapping[str, int] = {}
    shifts: Sequence[OnDuty] = ()


def busy_day(
    start: datetime, *, count: int, people: int, live_cap: int = 5, serve_s: int = 360, seed: int = 7
) -> Day:  # fmt: skip
    """Arrivals on the curve of a shop's day, with the surge at eight in the evening; two overlapping shifts."""
    rng = random.Random(seed)  # noqa: S311 - a day to be repeated, nothing secret
    teams, skills = [UUID(int=100 + n) for n in range(_TEAMS)], [UUID(int=200 + n) for n in range(_SKILLS)]
    arrivals = [_arrival(rng, at, teams, skills, serve_s) for at in _times(rng, start, count)]
    staff = [_person(rng, n, start, teams, skills, live_cap) for n in range(people)]
    return Day(start, arrivals, staff)


def times(day: Day, factor: int, seed: int = 7) -> Day:
    """The day so many times as busy: everybody comes again within ten minutes, as somebody else.

    What lay there before the day began lies there once.
    """
    if factor == 1:
        return day
    rng = random.Random(seed)  # noqa: S311 - a day to be repeated, nothing secret
    more = [
        msgspec.structs.replace(
            each, at=each.at + timedelta(seconds=rng.uniform(0, 600)), contact_id=None, ticket_id=None
        )
        for each in day.arrivals if each.at >= day.start for _ in range(factor - 1)
    ]  # fmt: skip
    return msgspec.structs.replace(day, arrivals=sorted([*day.arrivals, *more], key=lambda each: each.at))


def _times(rng: random.Random, start: datetime, count: int) -> list[datetime]:
    hours = [0.15 + math.exp(-(((h - _SURGE_HOUR) / _WIDTH) ** 2)) + 0.6 * (9 <= h < 18) for h in range(24)]
    return sorted(
        start + timedelta(hours=rng.choices(range(24), hours)[0], seconds=rng.uniform(0, 3600)) for _ in range(count)
    )


def _arrival(
    rng: random.Random, at: datetime, teams: Sequence[UUID], skills: Sequence[UUID], serve_s: int
) -> Arrival:  # fmt: skip
    own = rng.randrange(len(teams))
    needed = frozenset({skills[(2 * own + rng.randrange(4)) % len(skills)]}) if rng.random() < 0.6 else frozenset()
    priority = rng.choices(list(_MIX), list(_MIX.values()))[0]
    took = max(30, int(rng.lognormvariate(math.log(serve_s), 0.5)))
    return Arrival(at, priority, teams[own], needed, took, due_s(priority), resolve_s=took)


def due_s(priority: int) -> int:
    return _DUE.get(priority, _USUAL_DUE)


def _person(
    rng: random.Random, n: int, start: datetime, teams: Sequence[UUID], skills: Sequence[UUID], live_cap: int
) -> Person:  # fmt: skip
    own = n % len(teams)
    held = {skills[(2 * own + k) % len(skills)]: rng.randint(1, 5) for k in rng.sample(range(4), 3)}
    begins = start + timedelta(hours=_SHIFTS[n // _TEAMS % 4])
    seat = Seat(
        agent_id=UUID(int=1_000 + n), name=f"{n + 1}", online=False, live_cap=live_cap, idle_since=start,
        skills=frozenset(held), levels=held, teams=frozenset({teams[own]}),
    )  # fmt: skip
    return Person(seat, begins, begins + timedelta(hours=9))


class Place(msgspec.Struct, frozen=True):
    """A team as customers reach it: through which inbox, and what of it conditions may ask."""

    team_id: UUID
    inbox_id: UUID | None
    channel: str
    facts: Mapping[str, object] = _NOTHING


def day_of_house(
    start: datetime, *, count: int, seats: Sequence[Seat], places: Sequence[Place], skills: Mapping[UUID, str],
    seed: int = 7, serve_s: int = 360,
) -> Day:  # fmt: skip
    """The same curve for the people there are: each team gets work by its size and asks for skills it has."""
    rng = random.Random(seed)  # noqa: S311 - a day to be repeated, nothing secret
    talk = random.Random(seed + 1)  # noqa: S311 - who comes when stays the same whatever is said
    members = {place.team_id: [s for s in seats if place.team_id in s.teams] for place in places}
    weights = [len(members[place.team_id]) for place in places]
    if not any(weights):
        places, weights = [], []
    arrivals = []
    for at in _times(rng, start, count) if places else ():
        place = rng.choices(places, weights)[0]
        made = _of_place(rng, at, place, _held(members[place.team_id]), serve_s)
        arrivals.append(_talked(talk, made) if made.kind is WorkKind.CONVERSATION else made)
    people = _shifts(start, members.values())
    return Day(start, arrivals, people, skills, shifts=[_on_duty(person) for person in people if person.seat.teams])


def _held(seats: Iterable[Seat]) -> list[UUID]:
    return sorted({skill for seat in seats for skill in seat.skills})


def _of_place(rng: random.Random, at: datetime, place: Place, held: Sequence[UUID], serve_s: int) -> Arrival:
    needed = frozenset({rng.choice(held)}) if held and rng.random() < 0.4 else frozenset[UUID]()
    priority = rng.choices(list(_MIX), list(_MIX.values()))[0]
    kind = rng.choices(list(_TYPES), list(_TYPES.values()))[0]
    letter = rng.random() < _LETTERS
    took = max(30, int(rng.lognormvariate(math.log(serve_s), 0.5)))
    level = rng.choices((0, 1, 2, 3), (0.7, 0.17, 0.09, 0.04))[0]
    facts = {**place.facts, "type": kind, "types": (kind,), "level": level}
    return Arrival(
        at, priority, place.team_id, needed, took, due_s(priority),
        kind=WorkKind.TICKET if letter else WorkKind.CONVERSATION, channel="email" if letter else place.channel,
        inbox_id=None if letter else place.inbox_id, level=level, type=kind,
        reply_s=min(took, rng.randrange(8, 45)), resolve_s=took, found=priority, facts=facts,
    )  # fmt: skip


def _talked(rng: random.Random, a: Arrival) -> Arrival:
    """Every minute or two he says more; now and then somebody overlooks him."""
    turns: list[Turn] = []
    at = (a.reply_s or 0) + rng.randrange(20, 120)
    while at < a.serve_s:
        took = min(a.serve_s, int(rng.lognormvariate(math.log(_ANSWER_S), 0.6)))
        turns.append((at, took))
        at += took + rng.randrange(20, 120)
    return msgspec.structs.replace(a, turns=tuple(turns), misses=int(rng.random() < _OVERLOOKED))


def _shifts(start: datetime, teams: Iterable[Sequence[Seat]]) -> list[Person]:
    """Each team is spread over the shifts, one in eight by night; who is in several teams works once."""
    people: dict[UUID, Person] = {}
    for members in teams:
        for n, seat in enumerate(members):
            begins = start + timedelta(hours=_SHIFTS[0] if n % 8 == 7 else _SHIFTS[1 + n % 3])
            people.setdefault(seat.agent_id, Person(seat, begins, begins + timedelta(hours=9)))
    return list(people.values())


def _on_duty(person: Person) -> OnDuty:
    return OnDuty(
        shift_id=person.seat.agent_id, agent_id=person.seat.agent_id, team_id=min(person.seat.teams),
        kind=ShiftKind.DAY, starts_at=person.begins, ends_at=person.ends, until=person.ends,
    )  # fmt: skip
