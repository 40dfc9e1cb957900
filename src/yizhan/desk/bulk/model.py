"""What is done to many tickets, and what became of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.foundation.db import Tx
from yizhan.records.config import TypeTree
from yizhan.records.tickets import Action, By

Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class Doing(StrEnum):
    ASSIGN = "assign"
    MOVE = "move"
    TAG = "tag"
    PRIORITY = "priority"
    TYPE = "type"
    UNDO = "undo"  # never asked for: what takes another job back does


class BulkChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Each way of doing has its own part: an agent or a team, an action, tags to add and remove, a priority, a type."""

    do: Doing
    agent_id: UUID | None = None
    team_id: UUID | None = None
    action: Action | None = None
    add: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    remove: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    priority: Annotated[int, Meta(ge=1, le=4)] | None = None
    type: Annotated[str, Meta(max_length=130)] | None = None


class BulkJob(msgspec.Struct, frozen=True):
    id: UUID
    agent_id: UUID
    change: BulkChange
    note: str
    state: str
    total: int
    done: int
    failed: int
    undoes: UUID | None
    undone_by: UUID | None
    created_at: datetime
    ended_at: datetime | None


class BulkItem(msgspec.Struct, frozen=True):
    """`code` and `detail` say why it was refused; `before` is what the change replaced."""

    ticket_id: UUID
    number: int
    state: str
    code: str | None
    detail: str | None
    before: dict[str, Any] | None = None
    version: int | None = None


class Place(msgspec.Struct, frozen=True):
    """Whom an assignment goes to: one of both."""

    agent_id: UUID | None
    team_id: UUID | None


class Hands(NamedTuple):
    """The verbs of the desk that one by one act the same; given by whoever joins the parts."""

    assign: Callable[[Tx, UUID, Place, str, By, datetime], Awaitable[None]]
    move: Callable[[Tx, UUID, Action, str, By, datetime], Awaitable[object]]
    types: Callable[[], TypeTree]
