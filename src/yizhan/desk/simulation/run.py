"""The day goes by event after event; a dealer says who gets what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """`came`, `left`, `finished` and `gone` are told at once; `deal` gives what can be given at this instant."""

    def came(self, agent_id: UUID, now: datetime) -> None: ...
    def left(self, agent_id: UUID, now: datetime) -> None: ...
    def arrived(self, number: int, arrival: Arrival) -> None: ...
    def finished(self, number: int, agent_id: UUID, now: datetime) -> None: ...
    def gone(self, number: int) -> None: ...
    def deal(self, now: datetime) -> Iterable[Assignment]: ...


class Served(msgspec.Struct, frozen=True):
    """`waited` in seconds; None for one nobody took before the day was over, or who `left` before."""

    arrival: Arrival
    agent_id: UUID | None
    waited: float | None
    matched: bool
    left: bool = False


class _What(IntEnum):
    FINISHED = 0
    LEFT = 1
    CAME = 2
    ARRIVED = 3
    GONE = 4
    LOOK = 5


_Event = tuple[datetime, _What, int, UUID]
_NOBODY = UUID(int=0)


def simulate(
    day: Day, dealer: Dealer, *, look_every: timedelta = timedelta(seconds=30),
    progress: Callable[[float], None] = lambda share: None,
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
        _tell(dealer, day, what, number, agent, now)
        if what is _What.GONE:
            served[number] = Served(day.arrivals[number], None, None, False, left=True)
        for given in dealer.deal(now):
            arrival = day.arrivals[given.arrival]
            matched = arrival.skills <= skills[given.agent_id]
            served[given.arrival] = Served(arrival, given.agent_id, (now - arrival.at).total_seconds(), matched)
            # Who lacks the skill takes half as long again: he has to ask.
            took = arrival.serve_s if matched else arrival.serve_s * 1.5
            heappush(events, (now + timedelta(seconds=took), _What.FINISHED, given.arrival, given.agent_id))
        turns += 1
        if turns % _REPORT_EVERY == 0:
            progress(min(1.0, (now - day.start) / HORIZON))
    progress(1.0)
    return [served.get(n, Served(a, None, None, False)) for n, a in enumerate(day.arrivals)]


def _events(day: Day) -> list[_Event]:
    events: list[_Event] = [(a.at, _What.ARRIVED, n, _NOBODY) for n, a in enumerate(day.arrivals)]
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
        case _What.CAME:
            dealer.came(agent, now)
        case _What.LEFT:
            dealer.left(agent, now)
        case _What.GONE:
            dealer.gone(number)
        case _What.LOOK:
            pass
