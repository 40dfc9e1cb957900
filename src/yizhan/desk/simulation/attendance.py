"""Who was there on a day that was: as his presence was kept, else as the roster says, else as he was seen at work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import Seat
from yizhan.desk.simulation.day import Arrival, Person
from yizhan.records.rosters import OnDuty

AROUND = timedelta(minutes=30)
Span = tuple[datetime, datetime]


class Handled(msgspec.Struct, frozen=True):
    """One arrival before what nobody knows is filled in, and by whom it was served from when to when."""

    arrival: Arrival
    known: bool
    by: tuple[tuple[UUID, datetime, datetime], ...] = ()


def people_of(
    start: datetime, end: datetime, handled: Sequence[Handled], seats: Sequence[Seat],
    presence: Mapping[UUID, Sequence[Span]], shifts: Sequence[OnDuty], unknown: Counter[str],
) -> list[Person]:  # fmt: skip
    """Only whose presence is known is in `presence`, also where he was never 在线."""
    worked: dict[UUID, list[Span]] = {}
    for each in handled:
        for agent, begin, until in each.by:
            worked.setdefault(agent, []).append((begin, until))
    unknown["gone"] += len(worked.keys() - {seat.agent_id for seat in seats})
    planned: dict[UUID, list[Span]] = {}
    for shift in shifts:
        planned.setdefault(shift.agent_id, []).append((shift.starts_at, shift.ends_at))
    people = []
    for seat in seats:
        spells: Sequence[Span] = ()
        if seat.agent_id in presence:
            spells = presence[seat.agent_id]
        elif seat.agent_id in planned:
            unknown["rostered"] += 1
            spells = planned[seat.agent_id]
        elif mine := worked.get(seat.agent_id):
            unknown["worked"] += 1
            spells = [(min(b for b, _ in mine) - AROUND, max(e for _, e in mine) + AROUND)]
        clipped = _clipped(spells, start, end + AROUND)
        if clipped:
            people.append(Person(seat, clipped[0][0], clipped[-1][1], tuple(clipped)))
    return people


def _clipped(spells: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """In order, within the day, those that touch made one."""
    found: list[Span] = []
    for begin, until in sorted(spells):
        begin, until = max(begin, start), min(until, end)
        if begin >= until:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((begin, until))
    return found
