"""The words of the guide."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class GuideCourse(StrEnum):
    """Whose first five minutes."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class GuideState(StrEnum):
    RUNNING = "running"
    LEFT = "left"  # put aside; it goes on where it was
    OVER = "over"


class Walk(msgspec.Struct, frozen=True):
    """`done` are steps that were really done, `round` is how often it was begun."""

    round: int
    began_at: datetime
    done: tuple[str, ...] = ()
    state: GuideState = GuideState.RUNNING
