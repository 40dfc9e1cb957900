"""The clock of one target: open time of its calendar, or all time, without the stretches it was paused. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from yizhan.foundation.calendar import Calendar

Pauses = Sequence[tuple[datetime, datetime]]
Stretch = tuple[datetime, datetime]


class Timepiece:
    """Without a calendar every second counts."""

    def __init__(self, calendar: Calendar | None = None) -> None:
        self.calendar = calendar

    def reach(self, started: datetime, pauses: Pauses, seconds: int) -> datetime:
        """When so much time is used. Raises NeverOpen when the calendar never opens again."""
        at, left = started, timedelta(seconds=seconds)
        for begin, end in pauses:
            used = self._between(at, max(begin, at))
            if left <= used:
                break
            at, left = max(end, at), left - used
        return self._after(at, left)

    def spent(self, started: datetime, pauses: Pauses, until: datetime) -> int:
        """Seconds used from the start until an instant."""
        return int(sum((self._between(a, b) for a, b in running(started, pauses, until)), timedelta()).total_seconds())

    def counted(self, started: datetime, pauses: Pauses, until: datetime) -> list[Stretch]:
        """The stretches that count, in order: what the explanation shows."""
        stretches = running(started, pauses, until)
        if self.calendar is None:
            return stretches
        return [span for a, b in stretches for span in self.calendar.openings(a, b)]

    def _between(self, a: datetime, b: datetime) -> timedelta:
        return b - a if self.calendar is None else self.calendar.open_between(a, b)

    def _after(self, at: datetime, span: timedelta) -> datetime:
        return at + span if self.calendar is None else self.calendar.add_open(at, span)


def running(started: datetime, pauses: Pauses, until: datetime) -> list[Stretch]:
    """The stretches between the pauses."""
    found, at = list[Stretch](), started
    for begin, end in pauses:
        if begin >= until:
            break
        if begin > at:
            found.append((at, begin))
        at = max(at, end)
    if until > at:
        found.append((at, until))
    return found
