"""Who can take a work just now, and why the others cannot. Pure (floor rules 1.2, 2.5).

Nobody waits for ever for a skill: where the work's team has nobody there who has it, every team is asked at once;
where it has, after a while; later still the skill is wished for and no longer needed. Who gave a work back rests from
it for a while, unless nobody else is in the house. Where a team is overrun, others help out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from yizhan.desk.routing.model import Excluded, Reach, Seat, Work
from yizhan.desk.routing.pools import Need, has_skills, hindrance, must_of, unfit

HIGHEST = 4
SPANS_TO_THE_TOP = 6


def reach_of(work: Work, staffed: bool, held: Callable[[], bool], now: datetime) -> Reach:
    """`held`: whether somebody of the team who has the skills is in the house, 在线 or not."""
    if not work.skills:
        return Reach.TEAM
    if work.should_at is not None and now >= work.should_at:
        return Reach.SHOULD
    if work.team_id is None or not staffed:
        return Reach.TEAM
    if work.house_at is not None and now >= work.house_at:
        return Reach.HOUSE
    return Reach.TEAM if held() else Reach.HOUSE


def need_of(work: Work, reach: Reach, staffed: bool, helpers: frozenset[UUID]) -> Need:
    """A team without members is everybody: nothing waits for an empty room."""
    bound = work.team_id is not None and staffed and reach is not Reach.HOUSE
    teams = frozenset((work.team_id, *helpers)) if bound and work.team_id is not None else frozenset()
    return Need(work.load, work.weight, teams, must_of(work), work.wishes, work.senior, reach)


def rank_of(work: Work, now: datetime) -> int:
    """The priority as which it stands in the order: waiting lifts it step by step, so that nobody waits for ever.

    What is urgent stays ahead for long: in a rush everybody waits, and all would soon be urgent.
    """
    if work.ageing is None or now <= work.since:
        return work.priority
    spans = (now - work.since) // work.ageing
    return max(work.priority, HIGHEST if spans >= SPANS_TO_THE_TOP else min(HIGHEST - 1, work.priority + spans))


def next_step(work: Work, now: datetime) -> datetime | None:
    """When its reach or its place in the order changes by itself."""
    ahead = [at for at in (work.house_at, work.should_at) if at is not None and at > now] if work.skills else []
    if work.ageing is not None and rank_of(work, now) < HIGHEST:
        ahead.append(work.since + work.ageing * (max(0, (now - work.since) // work.ageing) + 1))
    return min(ahead, default=None)


class Sight:
    """All seats as one decision sees them, without an index: for a question about one work."""

    def __init__(
        self, seats: Collection[Seat], team_sizes: Mapping[UUID, int], now: datetime,
        helpers: Callable[[Work], frozenset[UUID]] = lambda work: frozenset(),
    ) -> None:  # fmt: skip
        self.now = now
        self._seats = seats
        self._sizes = team_sizes
        self._helpers = helpers
        self._needs: dict[UUID, Need] = {}
        self._others: dict[UUID, bool] = {}

    def need(self, work: Work) -> Need:
        if work.id not in self._needs:
            staffed = work.team_id is not None and self._sizes.get(work.team_id, 0) > 0
            reach = reach_of(work, staffed, lambda: self._is_held(work), self.now)
            self._needs[work.id] = need_of(work, reach, staffed, self._helpers(work))
        return self._needs[work.id]

    def exclusion(self, work: Work, seat: Seat) -> Excluded | None:
        """Why this agent is no candidate."""
        need = self.need(work)
        if seat.agent_id in work.barred:
            return Excluded.RATED
        why = unfit(need, seat) or hindrance(need.load, need.weight, seat)
        if why in (None, Excluded.FULL, Excluded.ARRIVING) and self._rests(work, seat) and self._has_others(work):
            return Excluded.RETURNED
        return why

    def reach(self, work: Work) -> Reach:
        return self.need(work).reach

    def widens_at(self, work: Work) -> datetime | None:
        """When somebody is looked for further by itself."""
        steps = {Reach.TEAM: (work.house_at, work.should_at), Reach.HOUSE: (work.should_at,)}
        ahead = [at for at in steps.get(self.reach(work), ()) if at is not None and at > self.now]
        return min(ahead, default=None) if work.skills else None

    def _is_held(self, work: Work) -> bool:
        must = must_of(work)
        return any(s.away_since is None and work.team_id in s.teams and has_skills(must, s) for s in self._seats)

    def _rests(self, work: Work, seat: Seat) -> bool:
        until = work.returned.get(seat.agent_id)
        return until is not None and self.now < until

    def _has_others(self, work: Work) -> bool:
        """Whether somebody is in the house who could take it, full or on a break, and has not just given it back."""
        if work.id not in self._others:
            need = self.need(work)
            self._others[work.id] = any(
                seat.away_since is None
                and unfit(need, seat) is None
                and not self._rests(work, seat)
                and seat.agent_id not in work.barred
                for seat in self._seats
            )
        return self._others[work.id]
