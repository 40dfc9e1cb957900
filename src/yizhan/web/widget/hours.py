"""When somebody is there to answer: every day 9:30 to 21:00 on the inbox's clock, until it can be configured."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_OPENS = time(9, 30)
_CLOSES = time(21, 0)


def is_open(now: datetime, timezone: str) -> bool:
    return _OPENS <= now.astimezone(ZoneInfo(timezone)).time() < _CLOSES


def next_opening(now: datetime, timezone: str) -> datetime | None:
    """None while open."""
    if is_open(now, timezone):
        return None
    local = now.astimezone(ZoneInfo(timezone))
    day = local.date() if local.time() < _OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, _OPENS, ZoneInfo(timezone))
