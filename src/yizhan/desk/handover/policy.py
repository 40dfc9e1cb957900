"""Who comes next, and what may be left lying. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.records.rosters import Shift, ShiftKind

LOOK_AHEAD = timedelta(hours=14)
NIGHT_OFF = timedelta(hours=16)


def next_people(shifts: Iterable[Shift], agent_id: UUID, after: datetime) -> list[UUID]:
    """Those who work when he has gone, who begins first first; whoever works on from before comes before all others."""
    coming = [
        s for s in shifts
        if s.agent_id != agent_id and s.kind is not ShiftKind.ON_CALL and after < s.ends_at
        and s.starts_at <= after + LOOK_AHEAD
    ]  # fmt: skip
    return list(dict.fromkeys(s.agent_id for s in sorted(coming, key=lambda s: (max(s.starts_at, after), s.agent_id))))


def turn(people: Sequence[UUID], count: int) -> UUID | None:
    """One after the other, so that not all goes to the first."""
    return people[count % len(people)] if people else None


def stays(kept: bool, connected: bool) -> bool:
    """A conversation he said he would finish, while he is really here."""
    return kept and connected
