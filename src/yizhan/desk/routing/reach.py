"""Who can take a work just now, and why the others cannot. Pure (floor rules 1.2, 2.5).

Nobody waits for ever for a skill: where the work's team has nobody there who has it, every team is asked at once;
where it has, after a while; later still the skill is wished for and no longer needed. Who gave a work back rests from
it for a while, unless nobody else is in the house.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from yizhan.desk.routing.model import Excluded, Reach, Seat, Work


class Sight:
    """All seats as one decision sees them. What hangs on who is there is worked out once."""

    def __init__(self, seats: Collection[Seat], team_sizes: Mapping[UUID, int], now: datetime) -> None:
        self.now = now
        self._seats = seats
        self._sizes = team_sizes
        self._held: dict[tuple[UUID, frozenset[UUID]], bool] = {}
        self._others: dict[UUID, bool] = {}

    def exclusion(self, work: Work, seat: Seat) -> Excluded | None:
        """Why this agent is no candidate. A team without members is everybody: nothing waits for an empty room."""
        if not seat.online:
            return Excluded.PRESENCE
        if seat.lost:
            return Excluded.LOST
        unfit = self._unfit(work, seat)
        if unfit is not None:
            return unfit
        if self._rests(work, seat) and self._has_others(work):
            return Excluded.RETURNED
        if seat.room(work.load) < work.weight:
            return Excluded.FULL
        return None

    def able(self, work: Work) -> list[Seat]:
        return [seat for seat in self._seats if self.exclusion(work, seat) is None]

    def reach(self, work: Work) -> Reach:
        if not work.skills:
            return Reach.TEAM
        if work.should_at is not None and self.now >= work.should_at:
            return Reach.SHOULD
        if work.team_id is None or self._sizes.get(work.team_id, 0) == 0:
            return Reach.TEAM
        if work.house_at is not None and self.now >= work.house_at:
            return Reach.HOUSE
        return Reach.TEAM if self._is_held(work.team_id, work.skills) else Reach.HOUSE

    def widens_at(self, work: Work) -> datetime | None:
        """When somebody is looked for further by itself."""
        steps = {Reach.TEAM: (work.house_at, work.should_at), Reach.HOUSE: (work.should_at,)}
        ahead = [at for at in steps.get(self.reach(work), ()) if at is not None and at > self.now]
        return min(ahead, default=None) if work.skills else None

    def _unfit(self, work: Work, seat: Seat) -> Excluded | None:
        reach, has = self.reach(work), work.skills <= seat.skills
        if has and reach is not Reach.TEAM:
            return None
        if reach is Reach.HOUSE:
            return Excluded.SKILL
        if work.team_id is not None and work.team_id not in seat.teams and self._sizes.get(work.team_id, 0) > 0:
            return Excluded.TEAM
        return None if has or reach is Reach.SHOULD else Excluded.SKILL

    def _is_held(self, team_id: UUID, skills: frozenset[UUID]) -> bool:
        """Whether somebody of the team who has the skills is in the house, 在线 or not."""
        key = team_id, skills
        if key not in self._held:
            self._held[key] = any(
                s.away_since is None and team_id in s.teams and skills <= s.skills for s in self._seats
            )
        return self._held[key]

    def _rests(self, work: Work, seat: Seat) -> bool:
        until = work.returned.get(seat.agent_id)
        return until is not None and self.now < until

    def _has_others(self, work: Work) -> bool:
        """Whether somebody is in the house who could take it, full or on a break, and has not just given it back."""
        if work.id not in self._others:
            self._others[work.id] = any(
                seat.away_since is None and self._unfit(work, seat) is None and not self._rests(work, seat)
                for seat in self._seats
            )
        return self._others[work.id]
