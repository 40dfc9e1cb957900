"""How others deal out work: in turn, and to who has least. First come, first served; skills are not looked at beyond
the team, as a shared inbox does it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from yizhan.desk.simulation.day import Arrival, Day
from yizhan.desk.simulation.run import Assignment


class _Queue(ABC):
    """One line a team, in the order of arrival."""

    def __init__(self, day: Day) -> None:
        self.open: dict[UUID, int] = {p.seat.agent_id: 0 for p in day.people}
        self.caps = {p.seat.agent_id: p.seat.live_cap for p in day.people}
        self.teams: dict[UUID | None, list[UUID]] = defaultdict(list)
        for person in day.people:
            for team in (*person.seat.teams, None):
                self.teams[team].append(person.seat.agent_id)
        self.there: set[UUID] = set()
        self.lines: dict[UUID | None, deque[int]] = defaultdict(deque)

    def came(self, agent_id: UUID, now: datetime) -> None:
        self.there.add(agent_id)

    def left(self, agent_id: UUID, now: datetime) -> None:
        self.there.discard(agent_id)

    def arrived(self, number: int, arrival: Arrival) -> None:
        self.lines[arrival.team_id].append(number)

    def gone(self, number: int) -> None:
        for line in self.lines.values():
            if number in line:
                line.remove(number)

    def held(self, number: int, arrival: Arrival) -> bool:
        assert arrival.holder is not None
        self.open[arrival.holder] += 1
        return True

    def missed(self, number: int, agent_id: UUID, now: datetime) -> None:
        """They know no ladder."""
        raise AssertionError("nothing moves on here")

    def finished(self, number: int, agent_id: UUID, now: datetime) -> None:
        self.open[agent_id] -= 1

    def deal(self, now: datetime) -> Iterable[Assignment]:
        for team, line in self.lines.items():
            while line:
                chosen = self.choose(team)
                if chosen is None:
                    break
                self.open[chosen] += 1
                yield Assignment(line.popleft(), chosen)

    def free(self, team: UUID | None) -> list[UUID]:
        return [a for a in self.teams[team] if a in self.there and self.open[a] < self.caps[a]]

    @abstractmethod
    def choose(self, team: UUID | None) -> UUID | None:
        """Somebody there with room, by the rule of the house."""


class RoundRobin(_Queue):
    def __init__(self, day: Day) -> None:
        super().__init__(day)
        self._last: dict[UUID | None, int] = defaultdict(lambda: -1)

    def choose(self, team: UUID | None) -> UUID | None:
        members = self.teams[team]
        for step in range(1, len(members) + 1):
            at = (self._last[team] + step) % len(members)
            if members[at] in self.there and self.open[members[at]] < self.caps[members[at]]:
                self._last[team] = at
                return members[at]
        return None


class LeastOpen(_Queue):
    def choose(self, team: UUID | None) -> UUID | None:
        return min(self.free(team), key=lambda agent: (self.open[agent], agent), default=None)
