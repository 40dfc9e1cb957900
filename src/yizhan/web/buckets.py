"""Token buckets by key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """`per_second` tokens flow in, at most `burst` are kept."""

    per_second: float
    burst: float


class Buckets:
    """One bucket a key. Beyond `most` keys the longest unused is forgotten, which only ever favours a caller."""

    def __init__(self, rate: Rate, ticks: Callable[[], float], most: int = 20_000) -> None:
        self._rate = rate
        self._ticks = ticks
        self._most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when a token was there, else the seconds until the next one is."""
        now = self._ticks()
        left, at = self._left.get(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        granted = left >= 1
        self._left[key] = (left - 1 if granted else left, now)
        self._left.move_to_end(key)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0.0 if granted else (1 - left) / self._rate.per_second

    def __len__(self) -> int:
        return len(self._left)
