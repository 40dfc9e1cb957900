"""What an entry of the journal looks like."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A change as its writer states it.

    `data` carries ids, numbers and enums, never personal data in clear: erasing a person destroys a key, not a row.
    `cause` is the position of the event that led to this one and `depth` the length of that chain (loop guard).
    """

    kind: str
    subject: UUID
    subject_version: int
    at: datetime
    actor: str
    data: dict[str, Any] = {}
    v: int = 1
    brand_id: UUID | None = None
    team_id: UUID | None = None
    agent_id: UUID | None = None
    contact_id: UUID | None = None
    conversation_id: UUID | None = None
    ticket_id: UUID | None = None
    on_behalf: str | None = None
    request: UUID | None = None
    cause: int | None = None
    depth: int = 0


class Entry(msgspec.Struct, frozen=True):
    """An event with its place: `pos` is dense and the only number readers know. Its fields are in the order in which
    every query names the columns."""

    pos: int
    seq: int
    at: datetime
    kind: str
    v: int
    subject: UUID
    subject_version: int
    brand_id: UUID | None
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID | None
    conversation_id: UUID | None
    ticket_id: UUID | None
    actor: str
    on_behalf: str | None
    request: UUID | None
    cause: int | None
    depth: int
    data: dict[str, Any]


class Head(msgspec.Struct, frozen=True):
    """Where the journal ends; an outside position is written `epoch:pos`."""

    epoch: int
    pos: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.pos}"
