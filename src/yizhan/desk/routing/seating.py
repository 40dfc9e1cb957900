"""Everybody at work and the pools they stand in; what becomes free is told to the buckets that may use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from yizhan.desk.routing.model import Excluded, LoadKind, Reach, Seat, Work
from yizhan.desk.routing.pools import Need, Pool, has_skills, hindrance, must_of, unfit

_MOST_POOLS = 2_000


class Seating:
    """`gained` hears of each pool in which somebody new can take work, `moved` of teams whose people changed."""

    def __init__(self, gained: Callable[[Pool], None], moved: Callable[[UUID], None]) -> None:
        self.seats: dict[UUID, Seat] = {}
        self.kept: dict[UUID, set[LoadKind]] = defaultdict(set)
        self.members: dict[UUID, set[UUID]] = defaultdict(set)
        self._pools: dict[Need, Pool] = {}
        self._of: dict[UUID, list[Pool]] = {}
        self._sweep_at = _MOST_POOLS
        self._gained = gained
        self._moved = moved

    def seat(self, seat: Seat) -> None:
        was = self.seats.get(seat.agent_id)
        self.seats[seat.agent_id] = seat
        if was is None or _traits(was) != _traits(seat):
            self._settle_in(was, seat)
        self.place(seat)
        if was is None or _traits(was) != _traits(seat) or (was.away_since is None) != (seat.away_since is None):
            for team in seat.teams | (was.teams if was else frozenset()):
                self._moved(team)

    def unseat(self, agent_id: UUID) -> None:
        seat = self.seats.pop(agent_id, None)
        if seat is None:
            return
        self.kept.pop(agent_id, None)
        for pool in self._of.pop(agent_id, ()):
            pool.take_out(agent_id)
        for team in seat.teams:
            self.members[team].discard(agent_id)
            self._moved(team)

    def place(self, seat: Seat) -> None:
        """Where this agent stands after anything about him changed that leaves teams and skills as they are."""
        found: dict[tuple[LoadKind, int], Excluded | None] = {}
        for pool in self._of[seat.agent_id]:
            share = pool.need[:2]
            if share not in found:
                found[share] = self._hindrance(*share, seat)
            if pool.put(seat, found[share]):
                self._gained(pool)

    def pool(self, need: Need) -> Pool:
        found = self._pools.get(need)
        if found is None:
            found = self._pools[need] = self._fill(need)
        return found

    def staffed(self, team_id: UUID | None) -> bool:
        return team_id is not None and bool(self.members.get(team_id))

    def held(self, work: Work) -> bool:
        """Whether somebody of the work's team who has its skills is in the house."""
        must = must_of(work)
        members = self.members.get(work.team_id, ()) if work.team_id else ()
        return any(self.seats[m].away_since is None and has_skills(must, self.seats[m]) for m in members)

    def sweep(self) -> None:
        """Forgets pools nobody asks any more, once there are many."""
        if len(self._pools) < self._sweep_at:
            return
        self._pools = {need: pool for need, pool in self._pools.items() if pool.users}
        for agent_id, pools in self._of.items():
            self._of[agent_id] = [pool for pool in pools if pool.users]
        self._sweep_at = max(_MOST_POOLS, 2 * len(self._pools))

    def _fill(self, need: Need) -> Pool:
        pool = Pool(need)
        for seat in self._near(need):
            if unfit(need, seat) is None:
                pool.put(seat, self._hindrance(need.load, need.weight, seat))
                self._of[seat.agent_id].append(pool)
        return pool

    def _hindrance(self, load: LoadKind, weight: int, seat: Seat) -> Excluded | None:
        kept = self.kept.get(seat.agent_id, ())
        return hindrance(load, weight, seat) or (Excluded.KEPT if load in kept else None)

    def in_house(self, pool: Pool) -> list[UUID]:
        """Who is fit and here, 在线 or not."""
        return [agent for agent in pool.fit if self.seats[agent].away_since is None]

    def _near(self, need: Need) -> list[Seat]:
        if need.reach is not Reach.TEAM or not need.teams:
            return list(self.seats.values())
        members = set().union(*(self.members.get(team, ()) for team in need.teams))
        return [self.seats[member] for member in sorted(members)]

    def _settle_in(self, was: Seat | None, seat: Seat) -> None:
        for pool in self._of.get(seat.agent_id, ()):
            pool.take_out(seat.agent_id)
        for team in (was.teams if was else frozenset()) - seat.teams:
            self.members[team].discard(seat.agent_id)
        for team in seat.teams:
            self.members[team].add(seat.agent_id)
        self._of[seat.agent_id] = [pool for need, pool in self._pools.items() if unfit(need, seat) is None]


def _traits(seat: Seat) -> tuple[object, ...]:
    return seat.teams, seat.skills, seat.levels
