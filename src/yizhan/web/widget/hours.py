"""When somebody is there to answer: by the inbox's own calendar."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.webchat import WebchatSettings
from yizhan.foundation.calendar import NeverOpen


def is_open(now: datetime, settings: WebchatSettings) -> bool:
    return settings.hours().is_open(now)


def next_opening(now: datetime, settings: WebchatSettings) -> datetime | None:
    """None while open, and for an inbox that never opens."""
    hours = settings.hours()
    if hours.is_open(now):
        return None
    try:
        return hours.next_open(now)
    except NeverOpen:
        return None
