"""Who has just come in is not given everything that waited overnight: it is dealt out as the others come (floor 2.11).

Pure. For a while after somebody came from 离线 he takes only so much beside what he had; what came of a break or of a
lost line is no arrival. `Seat.came_at` tells when that was, so that a restart and an explanation know it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing.model import Seat


class Arrivals:
    """Those restrained just now, so that they are looked at again when their time is over."""

    def __init__(self) -> None:
        self._came: dict[UUID, datetime] = {}

    def restrain(self, seats: Iterable[Seat], *, span: timedelta | None, cap: int, now: datetime) -> None:
        """Lowers the limit for tickets of those who came less than `span` ago; None restrains nobody."""
        for seat in seats:
            if restrain(seat, span=span, cap=cap, now=now) and seat.came_at is not None:
                self._came[seat.agent_id] = seat.came_at
            else:
                self._came.pop(seat.agent_id, None)

    def settled(self, span: timedelta | None, now: datetime) -> set[UUID]:
        """Whose time is over: they are to be read anew."""
        return {agent for agent, at in self._came.items() if span is None or now - at >= span}


def restrain(seat: Seat, *, span: timedelta | None, cap: int, now: datetime) -> bool:
    """`cap` more tickets than this agent came with, and until when; says whether his time still runs."""
    if span is None or seat.came_at is None or now - seat.came_at >= span:
        return False
    seat.own_async_cap = seat.async_cap
    seat.arrived_until = seat.came_at + span
    seat.async_cap = min(seat.async_cap, seat.came_with + cap)
    return True
