"""The day of a shop: quiet nights, a busy morning, and the surge at 20:00."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
_WEIGHTS = (
    0.25, 0.15, 0.1, 0.08, 0.08, 0.1, 0.2, 0.4, 0.7, 1.1, 1.4, 1.3, 1.0, 0.9, 1.1, 1.2, 1.2, 1.1, 1.0, 1.4, 2.4, 2.0,
    1.2, 0.6,
)  # fmt: skip


def busy(at: datetime) -> float:
    """How busy it is, 1 on the average of a day; it changes smoothly from hour to hour."""
    local = at.astimezone(LOCAL)
    part = (local.minute * 60 + local.second) / 3600
    return _WEIGHTS[local.hour] * (1 - part) + _WEIGHTS[(local.hour + 1) % 24] * part


def moment_between(chance: Random, start: datetime, end: datetime) -> datetime:
    """A moment by the curve of the day."""
    span = (end - start).total_seconds()
    while True:
        at = start + timedelta(seconds=chance.random() * span)
        if chance.random() * max(_WEIGHTS) < busy(at):
            return at
