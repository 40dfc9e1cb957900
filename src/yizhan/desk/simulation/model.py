"""A simulation that was asked for: which day, which rules instead of those in force, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.simulation.report import Findings
from yizhan.records.config import DocumentChange, Written

MOST_GENERATED = 100_000
MOST_TIMES = 20


class WhichDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Yesterday, the day `on`, or a generated one of `count`; a day that was may come `times` as busy."""

    what: Literal["yesterday", "on", "generated"]
    on: date | None = None
    count: Annotated[int, Meta(ge=50, le=MOST_GENERATED)] = 5_000
    times: Annotated[int, Meta(ge=1, le=MOST_TIMES)] = 1


class OtherRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All drafts of the house, the rules of an older `release`, or these `documents`, which nobody saved."""

    what: Literal["drafts", "release", "documents"]
    release: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    documents: Annotated[tuple[Written, ...], Meta(max_length=20)] = ()


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    day: WhichDay
    rules: OtherRules


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Fault(msgspec.Struct, frozen=True):
    code: str
    detail: str
    field: str | None = None


class Simulated(msgspec.Struct, frozen=True):
    """The day as it was played: `people` were there, `carried` lay there from the day before; what is `unknown` of a
    day that was, each with a count."""

    start: datetime
    arrivals: int
    people: int
    times: int
    generated: bool
    unknown: dict[str, int]
    carried: int = 0


class Comparison(msgspec.Struct, frozen=True):
    """`release` was in force; `changes` are what the other rules say otherwise, `beside` the kinds of changed documents
    that a simulation does not look at."""

    day: Simulated
    release: int
    before: Findings
    after: Findings
    changes: list[DocumentChange]
    beside: list[str]


class Simulation(msgspec.Struct, frozen=True):
    id: UUID
    agent_id: UUID
    agent_name: str
    asked: Asked
    state: State
    progress: float
    created_at: datetime
    ended_at: datetime | None
    error: Fault | None = None
    result: Comparison | None = None
