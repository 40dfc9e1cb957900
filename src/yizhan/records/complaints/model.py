"""A complaint 投诉: how grave, who has taken it over, what is asked and offered, and its three clocks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Grade(StrEnum):
    ORDINARY = "ordinary"  # 一般
    MAJOR = "major"  # 重大
    CRISIS = "crisis"  # 危机


class ClockKind(StrEnum):
    FIRST_CONTACT = "first_contact"  # 首次联系
    PLAN = "plan"  # 方案
    CLOSE = "close"  # 结案


class LadderStep(StrEnum):
    """The ladder; whoever stands on a step has taken the complaint over."""

    HANDLER = "handler"  # 处理人
    LEAD = "lead"  # 组长
    SUPERVISOR = "supervisor"  # 主管
    SPECIALIST = "specialist"  # 客诉专员
    LEGAL = "legal"  # 法务


class ClosedBy(StrEnum):
    CUSTOMER = "customer"
    SUPERVISOR = "supervisor"


class Clock(msgspec.Struct, frozen=True):
    kind: ClockKind
    due_at: datetime
    warn_at: datetime
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """As its verbs see it, its row locked."""

    id: UUID
    ticket_id: UUID
    brand_id: UUID
    contact_id: UUID
    grade: Grade
    causes: list[str]
    state: str
    department: str | None
    product: str | None
    demands: str
    remedy: str
    step: LadderStep
    holder_id: UUID | None
    frozen: bool
    rules: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: ClosedBy | None
    closed_why: str | None
    closed_message: UUID | None
    version: int

    @property
    def open(self) -> bool:
        return self.state == "open"


class Taken(msgspec.Struct, frozen=True):
    """Who stood on which step since when, and why."""

    step: LadderStep
    agent_id: UUID | None
    actor: str
    reason: str
    at: datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a hand may change; unset leaves as it is."""

    grade: Grade | msgspec.UnsetType = msgspec.UNSET
    department: str | msgspec.UnsetType | None = msgspec.UNSET
    product: str | msgspec.UnsetType | None = msgspec.UNSET
    demands: str | msgspec.UnsetType = msgspec.UNSET
    remedy: str | msgspec.UnsetType = msgspec.UNSET
