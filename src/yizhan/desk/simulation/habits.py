"""What a simulated day learns of people as the house does: how long each takes, and whether he lets customers wait."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime
from uuid import UUID

_LEAST_MEASURED = 5
_REMEMBERED = 10


class Habits:
    """Of live conversations, each by its number; the newest last."""

    def __init__(self) -> None:
        self._began: dict[int, datetime] = {}
        self._latest: dict[UUID, deque[int]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._missed: set[tuple[UUID, int]] = set()
        self._took: dict[UUID, tuple[int, float]] = {}

    def began(self, agent_id: UUID, number: int, now: datetime) -> None:
        self._began[number] = now
        self._latest[agent_id].append(number)
        self._missed.discard((agent_id, number))

    def ended(self, agent_id: UUID, number: int, now: datetime, *, missed: bool) -> None:
        """Nothing where it lay there when the day began, or was no conversation."""
        began = self._began.pop(number, None)
        if began is None:
            return
        count, seconds = self._took.get(agent_id, (0, 0.0))
        self._took[agent_id] = count + 1, seconds + (now - began).total_seconds()
        if missed:
            self._missed.add((agent_id, number))

    def misses(self, agent_id: UUID, count: int) -> bool:
        """Whether he said no word in his last `count`, one after the other."""
        last = list(self._latest[agent_id])[-count:]
        return len(last) == count and all((agent_id, number) in self._missed for number in last)

    def handling_s(self, agent_id: UUID, before: int) -> int:
        """His average of the day; what was known `before` where too little was measured."""
        count, seconds = self._took.get(agent_id, (0, 0.0))
        return round(seconds / count) if count >= _LEAST_MEASURED else before
