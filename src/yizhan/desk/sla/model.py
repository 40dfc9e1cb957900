"""The words of service levels 时效: what was promised, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

LOW, MEDIUM, HIGH, URGENT = 1, 2, 3, 4


class TargetKind(StrEnum):
    FIRST_RESPONSE = "first_response"  # 首次响应: the first human answer
    NEXT_RESPONSE = "next_response"  # 后续响应: of every later turn of the customer
    RESOLUTION = "resolution"  # 解决: until 已完成


RESPONSES = (TargetKind.FIRST_RESPONSE, TargetKind.NEXT_RESPONSE)


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One promise about one ticket; a row of `sla_target`."""

    id: UUID
    ticket_id: UUID
    conversation_id: UUID | None
    kind: TargetKind
    state: State
    policy: str
    policy_version: int
    release: int
    calendar: str | None
    calendar_version: int | None
    priority: int
    allowed_s: int
    warn_s: int | None
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    next_at: datetime | None
    paused_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    spent_s: int | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_why: str | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        return self.state in (State.RUNNING, State.PAUSED)

    @property
    def time(self) -> tuple[str, int] | None:
        """The version of the calendar it is counted by; None counts every second."""
        return None if self.calendar is None else (self.calendar, self.calendar_version or 0)


class TicketState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a ticket decides about its targets, as its row says when a batch is read."""

    id: UUID
    ready: bool
    status: str
    waiting_reason: str | None
    priority: int
    created_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None
    closed_before: bool  # a target for its resolution has ended already: this is another spell of work
    merged_into: UUID | None
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID


class Told(msgspec.Struct, frozen=True):
    """Something that happened to a target, for the journal: `what` is the second half of the event's kind."""

    what: str
    target: Target
    at: datetime
    facts: dict[str, Any] = {}


class Scope(msgspec.Struct, frozen=True):
    """Where a ticket belongs, for the header of an event."""

    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID


class Recipients(msgspec.Struct, frozen=True):
    """Whom the words of a step mean for one ticket just now."""

    handler: UUID | None
    owner: UUID | None
    leads: list[UUID]
    members: list[UUID]

    def meant_by(self, word: str) -> list[UUID]:
        if word in ("handler", "owner"):
            one = self.handler if word == "handler" else self.owner
            return [one] if one is not None else []
        return self.leads if word == "lead" else self.members if word == "team" else []
