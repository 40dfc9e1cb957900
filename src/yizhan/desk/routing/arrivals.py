"""Who has just come in is not given everything that waited overnight: it is dealt out as the others come (floor 2.11).

Pure. For a while after somebody came from 离线 he takes only so much beside what he had; what came of a break or of a
lost line is no arrival.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing.model import Seat

_OFFLINE = "offline"


class Arrivals:
    def __init__(self) -> None:
        self._away: set[UUID] = set()
        self._seen: set[UUID] = set()
        self._came: dict[UUID, tuple[datetime, int]] = {}

    def restrain(self, seats: Iterable[Seat], *, span: timedelta | None, cap: int, now: datetime) -> None:
        """Lowers the limit for tickets of those who came less than `span` ago; None restrains nobody."""
        for seat in seats:
            self._look(seat)
            came = self._came.get(seat.agent_id)
            if came is None:
                continue
            if span is None or now - came[0] >= span:
                del self._came[seat.agent_id]
                continue
            seat.async_cap = min(seat.async_cap, came[1] + cap)

    def settled(self, span: timedelta | None, now: datetime) -> set[UUID]:
        """Whose time is over: they are to be read anew."""
        return {agent for agent, (at, _) in self._came.items() if span is None or now - at >= span}

    def _look(self, seat: Seat) -> None:
        agent = seat.agent_id
        if seat.state == _OFFLINE:
            self._away.add(agent)
            self._came.pop(agent, None)
        elif agent in self._away or agent not in self._seen:
            self._away.discard(agent)
            if seat.state_since is not None:
                self._came[agent] = (seat.state_since, seat.async_)
        self._seen.add(agent)
