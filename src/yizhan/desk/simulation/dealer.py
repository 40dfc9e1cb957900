"""The product's own board as a dealer, under the rules that are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.routing import (
    Board,
    Chain,
    RoutingRules,
    Seat,
    Seated,
    Waiting,
    Work,
    routing_book,
)
from yizhan.desk.simulation.day import Arrival, Day
from yizhan.desk.simulation.run import Assignment

_CHANNEL = "webchat"
_FIRST = 1 << 64  # ids of works: none of an agent


class BoardDealer:
    def __init__(self, day: Day, rules: RoutingRules | None = None, chains: Sequence[Chain] = ()) -> None:
        self._rules = rules or routing_book().of()
        self._board = Board(explained=False)
        self._board.follow(chains)
        self._weights: dict[int, int] = {}
        for person in day.people:
            seat = msgspec.structs.replace(person.seat, away_since=day.start)
            if self._rules.live_cap is not None:
                seat.live_cap = min(seat.live_cap, self._rules.live_cap)
            self._board.apply(Seated(seat))

    def came(self, agent_id: UUID, now: datetime) -> None:
        self._board.apply(Seated(msgspec.structs.replace(self._seat(agent_id), online=True, away_since=None)))

    def left(self, agent_id: UUID, now: datetime) -> None:
        self._board.apply(Seated(msgspec.structs.replace(self._seat(agent_id), online=False, away_since=now)))

    def arrived(self, number: int, arrival: Arrival) -> None:
        rules = self._rules
        weight = rules.weight(_CHANNEL, arrival.priority)
        self._weights[number] = weight.of(arrival.kind.load)
        self._board.apply(Waiting(Work(
            id=UUID(int=_FIRST + number), kind=arrival.kind, priority=arrival.priority, seniority=arrival.at,
            since=arrival.at, team_id=arrival.team_id, skills=arrival.skills, weight=self._weights[number],
            house_at=arrival.at + rules.skill_wait,
            should_at=arrival.at + rules.skill_should if rules.skill_should else None,
            ageing=rules.ageing[arrival.kind.load], rules=rules.source,
        )))  # fmt: skip

    def finished(self, number: int, agent_id: UUID, now: datetime) -> None:
        seat = self._seat(agent_id)
        self._board.apply(Seated(msgspec.structs.replace(seat, live=seat.live - self._weights.pop(number))))

    def deal(self, now: datetime) -> Iterable[Assignment]:
        return [Assignment(d.work.id.int - _FIRST, d.agent_id) for d in self._board.decide(now) if d.agent_id]

    def _seat(self, agent_id: UUID) -> Seat:
        seat = self._board.seat(agent_id)
        assert seat is not None
        return seat
