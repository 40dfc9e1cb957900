"""The product's own board as a dealer, under the rules that are asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.priority import PriorityBook, Standing, Why, decide, instants, promotion_due, reranked
from yizhan.desk.roster import RosterBook, roster_book
from yizhan.desk.routing import (
    Arrivals,
    Board,
    Chain,
    LoadKind,
    RoutingBook,
    Seat,
    Seated,
    Settled,
    Waiting,
    Weight,
    Work,
    WorkKind,
    limited,
    routing_book,
    work_of,
)
from yizhan.desk.simulation.day import Arrival, Day
from yizhan.desk.simulation.duties import Duties
from yizhan.desk.simulation.habits import Habits
from yizhan.desk.simulation.run import Assignment

_FIRST = 1 << 64  # ids of works: none of an agent
_NO_CHAINS: Sequence[Chain] = ()
_SETTLE_EVERY = timedelta(seconds=30)
_MEASURE_EVERY = timedelta(hours=1)
_BACK_AFTER = timedelta(minutes=5)  # who was set 忙碌 says himself that he is back; nobody knows when
_AT_ONCE: Mapping[str, Any] = {
    "needs": {}, "back_to": None, "spoken_at": None, "held_by": None, "prefer": (), "returned": (), "returned_at": (),
    "missed": (), "barred": (), "last_agent": None, "last_at": None, "last_same": None,
}  # fmt: skip

Promoted = tuple[datetime, int]
"""When waiting, or a campaign, made something more or less urgent, and to which priority."""


class BoardDealer:
    """Without a `priority` book nothing is raised by waiting. What people would take by themselves is dealt out too."""

    def __init__(
        self, day: Day, book: RoutingBook | None = None, chains: Sequence[Chain] = _NO_CHAINS,
        priority: PriorityBook | None = None, roster: RosterBook | None = None,
    ) -> None:  # fmt: skip
        self.promoted: dict[int, list[Promoted]] = {}
        self._book = book or routing_book()
        self._priority = priority
        self._keys = day.skills
        self._board = Board(explained=False)
        self._board.follow(chains)
        self._carried: dict[int, tuple[Weight, LoadKind]] = {}
        self._waits: dict[int, tuple[Arrival, int]] = {}
        self._rises: list[tuple[datetime, int]] = []
        self._had: dict[int, tuple[Arrival, int]] = {}
        self._missed: dict[int, list[UUID]] = {}
        self._known: dict[UUID, tuple[UUID, datetime, UUID | None]] = {}
        self._duties = Duties(day.shifts, day.people, roster or roster_book())
        self._caps: dict[UUID, int] = {}
        self._arrivals = Arrivals()
        self._habits = Habits()
        self._busy: list[tuple[datetime, UUID]] = []
        self._campaigns = instants(priority, day.start) if priority is not None else []
        self._ruled: dict[int, int] = {}
        self._settles_at = self._measures_at = day.start
        for person in day.people:
            seat = person.seat
            live, async_ = limited(self._book, seat.teams, seat.live_cap, seat.async_cap)
            self._caps[seat.agent_id] = async_
            there = msgspec.structs.replace(
                seat, state="offline", away_since=day.start, live_cap=live, async_cap=async_
            )
            self._board.apply(Seated(there))

    def came(self, agent_id: UUID, now: datetime) -> None:
        """Whoever comes for the first time is given what waited a little at a time."""
        seat = self._seat(agent_id)
        there = msgspec.structs.replace(seat, online=True, away_since=None, state="online", state_since=now)
        if seat.state == "offline":
            there.came_at, there.came_with = now, seat.async_
            self._restrain(there, now)
        self._board.apply(Seated(there))

    def left(self, agent_id: UUID, now: datetime) -> None:
        away = msgspec.structs.replace(self._seat(agent_id), online=False, away_since=now, state="break")
        self._board.apply(Seated(away))

    def arrived(self, number: int, arrival: Arrival) -> None:
        self._await(number, arrival, arrival.priority)
        self._watch(number, arrival, arrival.priority)

    def gone(self, number: int) -> None:
        self._waits.pop(number, None)
        self._board.apply(Settled(UUID(int=_FIRST + number)))

    def held(self, number: int, arrival: Arrival) -> bool:
        """A customer at the screen of somebody who is not there waits for whoever is."""
        assert arrival.holder is not None
        seat = self._seat(arrival.holder)
        if arrival.kind.load is LoadKind.LIVE and not seat.online:
            return False
        weight = self._book.of(arrival.inbox_id, arrival.team_id).weight(arrival.channel, arrival.priority)
        self._carried[number] = weight, arrival.kind.load
        self._had[number] = arrival, arrival.priority
        if arrival.kind.load is LoadKind.LIVE:
            more = {"live": seat.live + weight.live, "alone": seat.alone + weight.alone}
        else:
            more = {"async_": seat.async_ + weight.async_}
        self._board.apply(Seated(msgspec.structs.replace(seat, **more)))
        return True

    def missed(self, number: int, agent_id: UUID, now: datetime) -> None:
        """Nobody said a word: to the front of the queue with its seniority, and to the next. Who missed several in a
        row is 忙碌 for a while."""
        self._release(number, agent_id)
        self._missed.setdefault(number, []).append(agent_id)
        arrival, priority = self._had.pop(number)
        self._await(number, arrival, priority)
        self._habits.ended(agent_id, number, now, missed=True)
        most = self._book.of(arrival.inbox_id, arrival.team_id).misses_to_busy
        seat = self._seat(agent_id)
        if most and seat.online and self._habits.misses(agent_id, most):
            self._board.apply(Seated(msgspec.structs.replace(seat, online=False, state="busy", state_since=now)))
            heappush(self._busy, (now + _BACK_AFTER, agent_id))

    def finished(self, number: int, agent_id: UUID, now: datetime) -> None:
        load = self._release(number, agent_id)
        arrival, _ = self._had.pop(number)
        self._habits.ended(agent_id, number, now, missed=False)
        if arrival.contact_id is not None and load is LoadKind.LIVE:
            self._known[arrival.contact_id] = agent_id, now, arrival.ticket_id

    def _release(self, number: int, agent_id: UUID) -> LoadKind:
        seat = self._seat(agent_id)
        weight, load = self._carried.pop(number)
        if load is LoadKind.LIVE:
            fewer = {"live": seat.live - weight.live, "alone": seat.alone - weight.alone}
        else:
            fewer = {"async_": seat.async_ - weight.async_}
        self._board.apply(Seated(msgspec.structs.replace(seat, **fewer)))
        return load

    def deal(self, now: datetime) -> Iterable[Assignment]:
        while self._campaigns and self._campaigns[0] <= now:
            self._rank_anew(self._campaigns.pop(0))
        while self._rises and self._rises[0][0] <= now:
            self._raise(*heappop(self._rises))
        self._turn(now)
        given = [Assignment(d.work.id.int - _FIRST, d.agent_id) for d in self._board.decide(now) if d.agent_id]
        for each in given:
            self._had[each.arrival] = self._waits.pop(each.arrival)
            if self._had[each.arrival][0].kind is WorkKind.CONVERSATION:
                self._habits.began(each.agent_id, each.arrival, now)
        return given

    def _turn(self, now: datetime) -> None:
        """Shifts wind down and end; who came a while ago has all his limit."""
        duty = self._duties.turned(now)
        if duty is not None:
            for seat in list(self._board.seats()):
                leaving, off = seat.agent_id in duty.leaving, seat.agent_id in duty.off
                if (seat.leaving, seat.off_duty) != (leaving, off):
                    self._board.apply(Seated(msgspec.structs.replace(seat, leaving=leaving, off_duty=off)))
        while self._busy and self._busy[0][0] <= now:
            seat = self._seat(heappop(self._busy)[1])
            if seat.state == "busy":
                self._board.apply(Seated(msgspec.structs.replace(seat, online=True, state="online", state_since=now)))
        if now < self._settles_at:
            return
        self._settles_at = now + _SETTLE_EVERY
        self._measure(now)
        for agent_id in self._arrivals.settled(self._book.of().arrival, now):
            seat = self._seat(agent_id)
            whole = msgspec.structs.replace(
                seat, async_cap=self._caps[agent_id], own_async_cap=None, arrived_until=None
            )
            self._restrain(whole, now)
            self._board.apply(Seated(whole))

    def _measure(self, now: datetime) -> None:
        """Once an hour, as in service: how long each takes on the average."""
        if now < self._measures_at:
            return
        self._measures_at = now + _MEASURE_EVERY
        for seat in list(self._board.seats()):
            taken = self._habits.handling_s(seat.agent_id, seat.handling_s)
            if taken != seat.handling_s:
                self._board.apply(Seated(msgspec.structs.replace(seat, handling_s=taken)))

    def _restrain(self, seat: Seat, now: datetime) -> None:
        rules = self._book.of()
        self._arrivals.restrain([seat], span=rules.arrival, cap=rules.arrival_cap, now=now)

    def _await(self, number: int, arrival: Arrival, priority: int) -> None:
        rules = self._book.of(arrival.inbox_id, arrival.team_id)
        self._carried[number] = rules.weight(arrival.channel, priority), arrival.kind.load
        self._waits[number] = arrival, priority
        row: dict[str, Any] = {
            **_AT_ONCE, "id": UUID(int=_FIRST + number), "kind": arrival.kind, "priority": priority,
            "seniority": arrival.at, "team_id": arrival.team_id, "channel": arrival.channel, "since": arrival.at,
            "level": arrival.level, "needs": {"skills": [str(skill) for skill in arrival.skills]},
            "missed": self._missed.get(number, ()),
        }  # fmt: skip
        if row["missed"]:
            row["needs"]["front"] = True
        known = self._known.get(arrival.contact_id) if arrival.contact_id is not None else None
        if known is not None and arrival.kind is WorkKind.CONVERSATION:
            same = known[2] is not None and known[2] == arrival.ticket_id
            row |= {"last_agent": known[0], "last_at": known[1], "last_same": same}
        work: Work = work_of(row, rules, self._keys)
        self._board.apply(Waiting(msgspec.structs.replace(work, pulled=False) if work.pulled else work))

    def _watch(self, number: int, arrival: Arrival, priority: int) -> None:
        if self._priority is None:
            return
        rules = self._priority.of(arrival.inbox_id, arrival.team_id)
        due = promotion_due(priority, arrival.at, rules)
        if due is not None:
            heappush(self._rises, (due, number))

    def _rank_anew(self, at: datetime) -> None:
        """A campaign begins or ends: what waits is judged again, as in service."""
        for number, (arrival, priority) in list(self._waits.items()):
            if self._priority is None or arrival.found is None:
                continue
            rules = self._priority.of(arrival.inbox_id, arrival.team_id)
            made = decide({**arrival.facts, "priority": arrival.found}, rules, at).priority
            ruled = self._ruled.get(number, arrival.priority)
            standing = Standing(False, Why.RULES if priority == ruled else Why.WAITING, priority)
            other = reranked(arrival.found, priority, made, standing)
            if other != priority:
                self._ruled[number] = other
                self.promoted.setdefault(number, []).append((at, other))
                self._await(number, arrival, other)
                self._watch(number, arrival, other)

    def _raise(self, due: datetime, number: int) -> None:
        """Waiting has lifted it, as the timer does in service."""
        waited = self._waits.get(number)
        if waited is None or self._priority is None:
            return
        arrival, priority = waited
        rules = self._priority.of(arrival.inbox_id, arrival.team_id)
        higher = rules.promotions[priority].to_priority
        self.promoted.setdefault(number, []).append((due, higher))
        self._await(number, arrival, higher)
        self._watch(number, arrival, higher)

    def _seat(self, agent_id: UUID) -> Seat:
        seat = self._board.seat(agent_id)
        assert seat is not None
        return seat
