"""The spans of the clocks, as configuration with the defaults of the trade."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec


class ClockRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Spans by channel fall back to `default`. Silence counts from our last word, while nobody waits for us."""

    prompt_after: timedelta = timedelta(minutes=3)
    sleep_after: timedelta = timedelta(minutes=5)
    end_after: dict[str, timedelta] = msgspec.field(
        default_factory=lambda: {"default": timedelta(minutes=15), "wechat": timedelta(hours=2)}
    )
    confirm_after: dict[str, timedelta] = msgspec.field(
        default_factory=lambda: {"default": timedelta(hours=24), "email": timedelta(hours=72)}
    )
    never_confirmed: frozenset[str] = frozenset({"complaint"})  # types that no timer closes
    unprompted: frozenset[str] = frozenset({"wechat"})  # channels with a quota of messages
    queue_lines: dict[str, timedelta] = msgspec.field(
        default_factory=lambda: {"queue_busy": timedelta(seconds=60), "queue_choice": timedelta(seconds=180)}
    )
    left_grace: timedelta = timedelta(minutes=3)


class Stage(StrEnum):
    """The steps of a customer's silence."""

    PROMPT = "prompt"
    SLEEP = "sleep"
    END = "end"


class Silent(msgspec.Struct, frozen=True):
    """A live conversation in which we spoke last."""

    id: UUID
    version: int
    last_outbound_at: datetime


class Queued(msgspec.Struct, frozen=True):
    """A live conversation that waits for somebody."""

    id: UUID
    version: int
    queued_at: datetime


class Pending(msgspec.Struct, frozen=True):
    """A ticket 待客户确认."""

    id: UUID
    version: int
    channel: str
    type: str
    pending_since: datetime
