"""Why a ticket is as urgent as it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

LOW, MEDIUM, HIGH, URGENT = 1, 2, 3, 4
NAMES = {LOW: "低", MEDIUM: "中", HIGH: "高", URGENT: "紧急"}


class Why(StrEnum):
    RULES = "rules"
    SAFETY = "safety"
    WAITING = "waiting"


class Applied(msgspec.Struct, frozen=True):
    """A rule that held. `effect` is `=3` where it says the priority, `+1` where it raises it."""

    key: str
    title: str
    effect: str
    title_en: str = ""


class Failure(msgspec.Struct, frozen=True):
    """A rule that could not be judged: skipped, and said."""

    key: str
    error: str


class Decision(msgspec.Struct, frozen=True):
    """`priority` from the rules named, in their order; `found` is what triage had found."""

    priority: int
    found: int
    why: Why = Why.RULES
    matched: tuple[Applied, ...] = ()
    failed: tuple[Failure, ...] = ()
    source: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is kept."""

    id: UUID
    ticket_id: UUID
    at: datetime
    why: Why
    before: int
    after: int
    matched: list[Applied]
    source: str
