"""Who can take what, kept in order: one pool for each different need, so that a decision looks at its head only."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from yizhan.desk.routing.model import SENIOR_LEVEL, Excluded, LoadKind, Reach, Seat, Work

Place: TypeAlias = tuple[bool, int, bool, int, int, datetime, UUID]


class Need(NamedTuple):
    """What work asks of a person. Without `teams` anybody will do; `must` are skills and their least levels."""

    load: LoadKind
    weight: int
    teams: frozenset[UUID]
    must: frozenset[tuple[UUID, int]]
    wishes: frozenset[UUID]
    senior: bool
    reach: Reach


def must_of(work: Work) -> frozenset[tuple[UUID, int]]:
    return frozenset((skill, work.levels.get(skill, 1)) for skill in work.skills)


def has_skills(must: Iterable[tuple[UUID, int]], seat: Seat) -> bool:
    return all(seat.level(skill) >= level for skill, level in must)


def unfit(need: Need, seat: Seat) -> Excluded | None:
    """What no free room would change."""
    has = has_skills(need.must, seat)
    if need.reach is Reach.HOUSE:
        return None if has else Excluded.SKILL
    inside = not need.teams or not need.teams.isdisjoint(seat.teams)
    if need.reach is Reach.SHOULD:
        return None if has or inside else Excluded.TEAM
    if not inside:
        return Excluded.TEAM
    return None if has else Excluded.SKILL


def hindrance(load: LoadKind, weight: int, seat: Seat) -> Excluded | None:
    """Why one who is fit cannot take it just now."""
    if not seat.online:
        return Excluded.PRESENCE
    if seat.lost:
        return Excluded.LOST
    if seat.off_duty:
        return Excluded.DUTY
    if seat.leaving and load is LoadKind.LIVE:
        return Excluded.LEAVING
    if seat.room(load) >= weight:
        return None
    own = seat.own_async_cap
    arriving = load is LoadKind.ASYNC and own is not None and own - seat.async_ >= weight
    return Excluded.ARRIVING if arriving else Excluded.FULL


def is_senior(need: Need, seat: Seat) -> bool:
    """Best at what it asks for; at anything, where it asks for nothing."""
    asked = [skill for skill, _ in need.must] or list(need.wishes) or list(seat.skills)
    return any(seat.levels.get(skill, 0) >= SENIOR_LEVEL for skill in asked)


def lacking(must: Iterable[tuple[UUID, int]], seat: Seat) -> tuple[UUID, ...]:
    return tuple(sorted(skill for skill, level in must if seat.level(skill) < level))


def busy(load: LoadKind, seat: Seat) -> int:
    """Minutes until what he carries is done."""
    return seat.carried(load) * seat.handling_s // 60


def wished(need: Need, seat: Seat) -> int:
    return sum(seat.level(skill) for skill in need.wishes)


def place(need: Need, seat: Seat) -> Place:
    """Smallest first: has the skills, has the wished ones, is senior where asked, has the most room, will be done
    with what he has soonest (in whole minutes), has been idle longest; then the id decides."""
    return (
        bool(need.must) and need.reach is Reach.SHOULD and not has_skills(need.must, seat),
        -wished(need, seat) if need.wishes else 0, need.senior and not is_senior(need, seat), -seat.room(need.load),
        busy(need.load, seat), seat.idle_since, seat.agent_id,
    )  # fmt: skip


class Pool:
    """Everybody fit for one need; those who can take it now stand in order."""

    def __init__(self, need: Need) -> None:
        self.need = need
        self.able: list[Place] = []
        self.fit: dict[UUID, Excluded | None] = {}
        self.hindered: Counter[Excluded] = Counter()
        self.users: set[Any] = set()  # the buckets that ask this pool
        self._places: dict[UUID, Place] = {}

    def put(self, seat: Seat, why: Excluded | None) -> bool:
        """As this agent is now, hindered or not; says whether he can take work."""
        agent = seat.agent_id
        if why is not None and self.fit.get(agent) is why:
            return False
        self.take_out(agent)
        self.fit[agent] = why
        if why is not None:
            self.hindered[why] += 1
            return False
        self._places[agent] = found = place(self.need, seat)
        insort(self.able, found)
        return True

    def take_out(self, agent_id: UUID) -> None:
        if agent_id not in self.fit:
            return
        why = self.fit.pop(agent_id)
        if why is not None:
            self.hindered[why] -= 1
        else:
            del self.able[bisect_left(self.able, self._places.pop(agent_id))]

    def first(self, work: Work, resting: frozenset[UUID] = frozenset()) -> UUID | None:
        """The best for this very work: who knows it before who has more room, who missed or returned it last."""
        if not self.able:
            return None
        if not work.prefer and not work.missed and not resting and not work.returned:
            return self.able[0][-1]
        reluctant = work.missed | work.returned.keys() | resting
        found = [a for a in {*work.prefer, *reluctant} if a in self._places and a not in resting]
        clean = next((each[-1] for each in self.able if each[-1] not in reluctant), None)
        if clean is not None:
            found.append(clean)
        return min(found, key=lambda agent: self._rank(work, agent), default=None)

    def _rank(self, work: Work, agent_id: UUID) -> tuple[bool, bool, bool, int, Place]:
        known = work.prefer.index(agent_id) if agent_id in work.prefer else len(work.prefer)
        stands = self._places[agent_id]
        return agent_id in work.missed, stands[0], agent_id in work.returned, known, stands
