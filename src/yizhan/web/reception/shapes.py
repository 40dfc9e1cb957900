"""What goes over the wire about the assistant."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]


class TurnShape(msgspec.Struct):
    """`title` is the first question of the entry, `offered` those of the entries that were offered."""

    message_id: UUID
    at: datetime
    outcome: str
    why: str | None
    entry: str | None
    title: str
    sure: float | None
    offered: list[str]


class TurnsShape(msgspec.Struct):
    turns: list[TurnShape]


class GapShape(msgspec.Struct):
    text: str
    count: int
    last_at: datetime
    entry: str | None
    title: str
    phrasings: list[str]
    conversations: list[UUID]


class EntryFigures(msgspec.Struct):
    """How often an entry was given, was called a solution, and was followed by a person."""

    entry: str
    title: str
    given: int
    solved: int
    handed: int


class CoverageShape(msgspec.Struct):
    """Of `days`. `turns` counts by outcome, `why` the hand-overs by reason."""

    days: int
    turns: dict[str, int]
    why: dict[str, int]
    entries: list[EntryFigures]
    gaps: list[GapShape]


class TryRequest(msgspec.Struct, forbid_unknown_fields=True):
    """By the rules of an inbox, or by a document that is not released yet (`body`)."""

    text: Text
    inbox_id: UUID | None = None
    page: Annotated[str, Meta(max_length=200)] = ""
    body: dict[str, Any] | None = None


class MatchShape(msgspec.Struct):
    entry: str
    title: str
    score: float


class TriedShape(msgspec.Struct):
    """What it would do, and the likeliest entries with their scores. `bar` is from where on it answers by itself."""

    outcome: str
    why: str | None
    text: str
    options: list[str]
    entry: str | None
    title: str
    sure: float | None
    bar: float
    likeliest: list[MatchShape]


class EntriesImportRequest(msgspec.Struct, forbid_unknown_fields=True):
    csv: Annotated[str, Meta(min_length=1, max_length=2_000_000)]


class ImportedShape(msgspec.Struct):
    """Entries as a document says them; nothing is saved."""

    entries: list[dict[str, Any]]
