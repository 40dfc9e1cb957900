"""The roster of the day, as routing asks it: who is about to leave and gets nothing live any more, who is off duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.roster import LONGEST_LOOK_BACK_S, RosterBook, duty_from
from yizhan.desk.simulation.day import Person
from yizhan.records import rosters
from yizhan.records.rosters import Duty, OnDuty

_LATELY = timedelta(seconds=LONGEST_LOOK_BACK_S)


class Duties:
    """Asked at the instants at which the answer may change: shifts begin, wind down, end, and are swept."""

    def __init__(self, shifts: Sequence[OnDuty], people: Iterable[Person], book: RosterBook) -> None:
        self._shifts = shifts
        self._book = book
        self._people = [rosters.Person(p.seat.agent_id, "", p.seat.name, tuple(p.seat.teams)) for p in people]
        self._instants: list[datetime] = sorted({at for each in shifts for at in self._turns(each)}, reverse=True)
        self._asked = not shifts

    def turned(self, now: datetime) -> Duty | None:
        """None where nothing changed since it was asked last."""
        due = not self._asked
        while self._instants and self._instants[-1] <= now:
            self._instants.pop()
            due = True
        if not due:
            return None
        self._asked = True
        running = [each for each in self._shifts if each.starts_at <= now < each.ends_at + _LATELY]
        return duty_from(running, self._people, self._book, now)

    def _turns(self, each: OnDuty) -> tuple[datetime, ...]:
        rules = self._book.of(None, each.team_id)
        return each.starts_at, each.until - rules.wind_down, each.until, each.until + rules.sweep


def chained(shifts: Iterable[OnDuty]) -> list[OnDuty]:
    """With `until` at the end of the last one that follows without a break."""
    ordered = sorted(shifts, key=lambda each: each.starts_at, reverse=True)
    ends: dict[tuple[UUID, datetime], datetime] = {}
    found = []
    for each in ordered:
        until = ends.get((each.agent_id, each.ends_at), each.ends_at)
        ends[each.agent_id, each.starts_at] = until
        found.append(msgspec.structs.replace(each, until=until))
    return found[::-1]
