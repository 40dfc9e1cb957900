"""What a conformance report counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

CONFORM = "conform"
BEGUN, DONE = "conformance.started", "conformance.ended"
"""Events. Subject: the run; data: at the end its state and how many values break the standards."""

IDENTIFIER = "identifier:"


class ConformanceRun(msgspec.Struct, frozen=True):
    id: UUID
    by: str
    state: str
    total: int
    done: int
    after: UUID
    created_at: datetime
    ended_at: datetime | None


class Example(msgspec.Struct, frozen=True, array_like=True):
    """Where one stands; what is personal of it is masked."""

    contact_id: UUID
    shown: str


class Count(msgspec.Struct, frozen=True):
    """`problem` is empty for all values of the field that were looked at."""

    field: str
    source: str
    problem: str
    found: int
    examples: list[Example]


class Looked(msgspec.Struct, frozen=True):
    """One value as it stands, with the sentence that says what is wrong with it; None for one that is right."""

    field: str
    source: str
    problem: str | None
    example: Example | None = None


class Whole(msgspec.Struct, frozen=True):
    """A contact with all that is checked of him, in clear."""

    id: UUID
    name: str
    level: int
    records: Mapping[str, Mapping[str, Any]]
    identifiers: tuple[tuple[str, str], ...]
