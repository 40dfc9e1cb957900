"""The day goes by event after event; a dealer says who gets what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from heapq import heapify, heappop, heappush
from typing import Protocol
from uuid import UUID

import msgspec

from yizhan.desk.simulation.day import Arrival, Day

HORIZON = timedelta(hours=25)
_REPORT_EVERY = 250


class Assignment(msgspec.Struct, frozen=True):
    arrival: int
    agent_id: UUID


class Dealer(Protocol):
    """`came`, `left`, `finished`, `missed` and `gone` are told at once; `deal` gives what can be given at this instant.

    `held` says whether who had it when the day began has it still; otherwise it waits like any other.
    """

    def came(self, agent_id: UUID, now: datetime) -> None: ...
    def left(self, agent_id: UUID, now: datetime) -> None: ...
    def arrived(self, number: int, arrival: Arrival) -> None: ...
    def finished(self, number: int, agent_id: UUID, now: datetime) -> None: ...
    def missed(self, number: int, agent_id: UUID, now: datetime) -> None: ...
    def held(self, number: int, arrival: Arrival) -> bool: ...
    def gone(self, number: int) -> None: ...
    def deal(self, now: datetime) -> Iterable[Assignment]: ...


class Served(msgspec.Struct, frozen=True):
    """`waited` in seconds; None for one nobody took before the day was over, or who `left` before.

    `moved` on because nobody said a word, it was had by the last one after `had_s`.
    """

    arrival: Arrival
    agent_id: UUID | None
    waited: float | None
    matched: bool
    left: bool = False
    moved: int = 0
    had_s: float = 0


Ladder = Callable[[Arrival], tuple[timedelta, int] | None]
"""After which silence of who has it an arrival moves on to the next, and how often at most; None: it stays."""


class _What(IntEnum):
    FINISHED = 0
    MISSED = 1
    LEFT = 2
    CAME = 3
    ARRIVED = 4
    GONE = 5
    LOOK = 6


_Event = tuple[datetime, _What, int, UUID]
_NOBODY = UUID(int=0)


def simulate(
    day: Day, dealer: Dealer, *, look_every: timedelta = timedelta(seconds=30),
    progress: Callable[[float], None] = lambda share: None, ladder: Ladder = lambda arrival: None,
) -> list[Served]:  # fmt: skip
    """Those served, in the order in which they came. The board is asked after every event, and now and then.

    `progress` hears the share of the day gone by; what it raises ends the simulation.
    """
    skills = {p.seat.agent_id: p.seat.skills for p in day.people}
    served: dict[int, Served] = {}
    events = _events(day)
    heapify(events)
    end = day.start + HORIZON
    turns = 0
    while events and events[0][0] <= end:
        now, what, number, agent = heappop(events)
        if what is _What.LOOK:
            heappush(events, (now + look_every, _What.LOOK, 0, agent))
        if what is _What.GONE and number in served:
            continue
        if what is _What.ARRIVED and _is_held(dealer, number, day.arrivals[number], skills):
            _keep(number, day.arrivals[number], now, served, events)
        else:
            _tell(dealer, day, what, number, agent, now)
        if what is _What.MISSED:
            served[number] = msgspec.structs.replace(served[number], agent_id=None)
        if what is _What.GONE:
            served[number] = Served(day.arrivals[number], None, None, False, left=True)
        for given in dealer.deal(now):
            arrival = day.arrivals[given.arrival]
            matched = arrival.skills <= skills[given.agent_id]
            had = served[given.arrival] = _had(arrival, given.agent_id, matched, served.get(given.arrival), now)
            after, next_ = _until(had, ladder(arrival))
            heappush(events, (now + timedelta(seconds=after), next_, given.arrival, given.agent_id))
        turns += 1
        if turns % _REPORT_EVERY == 0:
            progress(min(1.0, (now - day.start) / HORIZON))
    progress(1.0)
    return [served.get(n, Served(a, None, None, False)) for n, a in enumerate(day.arrivals)]


def _is_held(dealer: Dealer, number: int, arrival: Arrival, there: Collection[UUID]) -> bool:
    return arrival.holder is not None and arrival.holder in there and dealer.held(number, arrival)


def _keep(number: int, arrival: Arrival, now: datetime, served: dict[int, Served], events: list[_Event]) -> None:
    """It lay on his desk when the day began."""
    assert arrival.holder is not None
    served[number] = Served(arrival, arrival.holder, 0.0, True)
    heappush(events, (now + timedelta(seconds=arrival.serve_s), _What.FINISHED, number, arrival.holder))


def _had(arrival: Arrival, agent_id: UUID, matched: bool, before: Served | None, now: datetime) -> Served:
    """The wait is over with the first who has it."""
    had_s = (now - arrival.at).total_seconds()
    if before is None or before.waited is None:
        return Served(arrival, agent_id, had_s, matched, had_s=had_s)
    return Served(arrival, agent_id, before.waited, matched, moved=before.moved + 1, had_s=had_s)


def _until(had: Served, ladder: tuple[timedelta, int] | None) -> tuple[float, _What]:
    """Who lacks the skill takes half as long again: he has to ask."""
    took = 1.0 if had.matched else 1.5
    if ladder is not None and had.moved < ladder[1]:
        move = ladder[0].total_seconds()
        a = had.arrival
        if had.moved < a.misses or (a.reply_s is not None and a.reply_s * took > move):
            return move, _What.MISSED
    return had.arrival.serve_s * took, _What.FINISHED


def _events(day: Day) -> list[_Event]:
    events: list[_Event] = [(max(a.at, day.start), _What.ARRIVED, n, _NOBODY) for n, a in enumerate(day.arrivals)]
    events += [
        (a.at + timedelta(seconds=a.patience_s), _What.GONE, n, _NOBODY)
        for n, a in enumerate(day.arrivals) if a.patience_s is not None
    ]  # fmt: skip
    for person in day.people:
        for begins, ends in person.there:
            events.append((begins, _What.CAME, 0, person.seat.agent_id))
            events.append((ends, _What.LEFT, 0, person.seat.agent_id))
    events.append((day.start, _What.LOOK, 0, _NOBODY))
    return events


def _tell(dealer: Dealer, day: Day, what: _What, number: int, agent: UUID, now: datetime) -> None:
    match what:
        case _What.ARRIVED:
            dealer.arrived(number, day.arrivals[number])
        case _What.FINISHED:
            dealer.finished(number, agent, now)
        case _What.MISSED:
            dealer.missed(number, agent, now)
        case _What.CAME:
            dealer.came(agent, now)
        case _What.LEFT:
            dealer.left(agent, now)
        case _What.GONE:
            dealer.gone(number)
        case _What.LOOK:
            pass
