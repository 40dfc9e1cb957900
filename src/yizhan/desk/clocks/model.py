"""What the clocks look at, and the spans they count."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec


class ClockRules(msgspec.Struct, frozen=True, kw_only=True):
    """Spans by channel fall back to `default`. Silence counts from our last word, while nobody waits for us.

    `source` names the released documents they are from; a decision keeps it.
    """

    prompt_after: timedelta
    sleep_after: timedelta
    end_after: dict[str, timedelta]
    confirm_after: dict[str, timedelta]
    never_confirmed: frozenset[str]  # types that no timer closes
    unprompted: frozenset[str]  # channels with a quota of messages
    queue_lines: dict[str, timedelta]  # what is said to who waits, by code
    overdue_after: timedelta  # who waits so long for somebody at all is shown to the supervisor
    left_grace: timedelta
    source: str


class Stage(StrEnum):
    """The steps of a customer's silence."""

    PROMPT = "prompt"
    SLEEP = "sleep"
    END = "end"


class Silent(msgspec.Struct, frozen=True):
    """A live conversation in which we spoke last."""

    id: UUID
    version: int
    inbox_id: UUID
    team_id: UUID | None
    last_outbound_at: datetime


class Queued(msgspec.Struct, frozen=True):
    """A live conversation that waits for somebody."""

    id: UUID
    version: int
    inbox_id: UUID
    team_id: UUID | None
    queued_at: datetime


class Pending(msgspec.Struct, frozen=True):
    """A ticket 待客户确认."""

    id: UUID
    version: int
    inbox_id: UUID | None  # of its newest conversation
    team_id: UUID | None
    channel: str
    type: str
    pending_since: datetime
