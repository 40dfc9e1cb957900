"""How much an account may send. Pure: the moments of what was sent come in, how long to wait comes out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """At most `most` calls of the vendor in any `span`."""

    most: int
    span: timedelta


class Allowance:
    """What is left of an account's limits. Windows slide: a vendor that counts by the clock is never exceeded."""

    def __init__(self, limits: Sequence[Limit], sent: Iterable[datetime] = ()) -> None:
        self._limits = tuple(limits)
        self._longest = max((one.span for one in limits), default=timedelta(0))
        self._sent = deque(sorted(sent))
        self._shut: tuple[datetime, str] | None = None

    @property
    def span(self) -> timedelta:
        """How far back what was sent still counts."""
        return self._longest

    def take(self, now: datetime) -> None:
        """A call begins."""
        self._sent.append(now)

    def shut(self, until: datetime, code: str) -> None:
        """The vendor refuses the account, not the message: every further call would only make it worse."""
        self._shut = (until, code)

    def shut_for(self, now: datetime) -> str:
        """The code of the refusal that holds everything back; empty when none does."""
        return self._shut[1] if self._shut is not None and now < self._shut[0] else ""

    def room(self, now: datetime) -> int | None:
        """How many calls may begin now; None for any number."""
        if self.shut_for(now):
            return 0
        if not self._limits:
            return None
        self._forget(now)
        return min(max(0, one.most - self._within(one, now)) for one in self._limits)

    def free_at(self, now: datetime) -> datetime:
        """When there will be room for one, if nothing else is sent."""
        self._forget(now)
        waits = [self._shut[0] if self._shut is not None and self.shut_for(now) else now]
        for one in self._limits:
            over = self._within(one, now) - one.most
            if over >= 0:
                oldest = len(self._sent) - self._within(one, now)
                waits.append(self._sent[oldest + over] + one.span)
        return max(waits)

    def _forget(self, now: datetime) -> None:
        while self._sent and self._sent[0] <= now - self._longest:
            self._sent.popleft()

    def _within(self, limit: Limit, now: datetime) -> int:
        since = now - limit.span
        count = 0
        for at in reversed(self._sent):
            if at <= since:
                break
            count += 1
        return count
