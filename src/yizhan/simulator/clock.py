"""The vendor's own clock: the machine's, put forward as far as wanted. Reply windows of two days pass in a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from yizhan.foundation.clock import Clock, SystemClock


@runtime_checkable
class Movable(Protocol):
    def advance(self, by: timedelta) -> datetime: ...


class VendorClock:
    """Runs as `under` does, so much later."""

    def __init__(self, under: Clock | None = None) -> None:
        self._under = under or SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._under.now() + self._ahead

    def advance(self, by: timedelta) -> datetime:
        self._ahead += by
        return self.now()
