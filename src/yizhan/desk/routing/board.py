"""Who gets what: a pure object without database or clock. The same facts give the same decisions, also in a simulation.

Promises: nobody waits beside a free and able agent; nobody carries more than the cap, but for one sleeper who came
back; no work is given twice.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing import policy
from yizhan.desk.routing.model import (
    Action,
    Decision,
    Fact,
    LoadKind,
    Reach,
    Reason,
    Retired,
    Seat,
    Seated,
    Settled,
    Waiting,
    Work,
)
from yizhan.desk.routing.reach import Sight

_Key = tuple[int, bool, datetime, UUID]
_Group = tuple[LoadKind, frozenset[UUID], UUID | None, int, Reach]


class Board:
    def __init__(self) -> None:
        self._works: dict[UUID, Work] = {}
        self._order: list[_Key] = []
        self._seats: dict[UUID, Seat] = {}
        self._teams: Counter[UUID] = Counter()

    def apply(self, fact: Fact) -> None:
        match fact:
            case Waiting(work):
                self._drop(work.id)
                self._works[work.id] = work
                insort(self._order, _key(work))
            case Settled(work_id):
                self._drop(work_id)
            case Seated(seat):
                self._unseat(seat.agent_id)
                self._seats[seat.agent_id] = seat
                self._teams.update(seat.teams)
            case Retired(agent_id):
                self._unseat(agent_id)

    def decide(self, now: datetime) -> list[Decision]:
        """Everything that can be done now, most urgent first; decided work has left the board."""
        sight = Sight(self._seats.values(), self._teams, now)
        decisions = [d for work in self._claimed() if (d := self._claim(work, sight)) is not None]
        blocked: set[_Group] = set()
        full = {load for load in LoadKind if not any(s.online and s.room(load) > 0 for s in self._seats.values())}
        for key in list(self._order):
            work = self._works[key[-1]]
            if work.load in full:
                continue
            group = work.load, work.skills, work.team_id, work.weight, sight.reach(work)
            if group in blocked:
                continue
            decision = self._give(work, sight)
            if decision is not None:
                decisions.append(decision)
            elif not work.returned:
                blocked.add(group)
        return decisions

    def waiting(self) -> Iterator[Work]:
        return (self._works[key[-1]] for key in self._order)

    def seats(self) -> Iterable[Seat]:
        return self._seats.values()

    def seat(self, agent_id: UUID) -> Seat | None:
        return self._seats.get(agent_id)

    def away(self, now: datetime, grace: timedelta) -> list[Seat]:
        """Whose grace is over while people still wait for them."""
        return [
            s for s in self._seats.values() if s.away_since is not None and s.live > 0 and now - s.away_since >= grace
        ]

    def able(self, work: Work, now: datetime) -> list[Seat]:
        return Sight(self._seats.values(), self._teams, now).able(work)

    def _claimed(self) -> list[Work]:
        return [w for w in self.waiting() if w.back_to is not None or w.held_by is not None]

    def _claim(self, work: Work, sight: Sight) -> Decision | None:
        """Work that somebody has already: it stays there, or goes to the front of the queue for all."""
        seat = self._seats.get(work.back_to or work.held_by)  # type: ignore[arg-type]
        if work.back_to is None:
            if seat is None:
                return None  # the handler is gone: the ticket is for everybody
            return self._settle(Action.KEEP, work, seat, Reason.ADOPTED, sight)
        if seat is not None and policy.may_return(work, seat, sight.now):
            return self._settle(Action.KEEP, work, seat, Reason.RETURNING, sight)
        self.apply(Waiting(policy.to_front(work)))
        return Decision(Action.FRONT, work, work.back_to)

    def _give(self, work: Work, sight: Sight) -> Decision | None:
        able = sight.able(work)
        if not able:
            return None
        chosen = min(able, key=lambda seat: policy.rank(work, seat))
        reason = Reason.STICKY if chosen.agent_id in work.prefer else Reason.ROOM
        return self._settle(Action.GIVE, work, chosen, reason, sight)

    def _settle(self, action: Action, work: Work, seat: Seat, reason: Reason, sight: Sight) -> Decision:
        judged, others = policy.judge_all(work, self._seats.values(), sight, seat)
        self._drop(work.id)
        seat.carry(work)
        seat.idle_since = sight.now
        told = policy.explain(reason, work, seat, judged, others, sight)
        return Decision(action, work, seat.agent_id, told)

    def _drop(self, work_id: UUID) -> None:
        work = self._works.pop(work_id, None)
        if work is not None:
            del self._order[bisect_left(self._order, _key(work))]

    def _unseat(self, agent_id: UUID) -> None:
        seat = self._seats.pop(agent_id, None)
        if seat is not None:
            self._teams.subtract(seat.teams)


def _key(work: Work) -> _Key:
    return -work.priority, not work.front, work.seniority, work.id
