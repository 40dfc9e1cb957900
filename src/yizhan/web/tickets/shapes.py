"""What goes over the wire about tickets."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.views import TicketRow, TraceRow
from yizhan.foundation.errors import Invalid
from yizhan.records.config import UNSORTED
from yizhan.records.tickets import LinkKind, WaitingReason
from yizhan.web.conversations.shapes import Words

Priority = Annotated[int, Meta(ge=1, le=4)]
Subject = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
TypeName = Annotated[str, Meta(min_length=1, max_length=130)]
Instant = Annotated[datetime, Meta(tz=True)]
ViewName = Literal["mine", "team", "unassigned", "all"]
DueName = Literal["any", "warned", "breached"]


Place = TypeVar("Place")


class TicketPage(msgspec.Struct):
    items: list[TicketRow]
    next: str | None


class CountsShape(msgspec.Struct):
    """Each up to 1,000; `more` names those that were cut there."""

    mine: int
    pending: int
    unassigned: int
    team: int
    all: int


class MoveRequest(msgspec.Struct):
    """`anyway` completes a ticket although sub-tasks of it are open."""

    action: Literal["solve", "confirm", "reopen", "cancel", "start", "return"]
    text: Words
    anyway: bool = False


class ChangeRequest(msgspec.Struct):
    version: int
    text: Words
    type: TypeName | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    subject: Subject | UnsetType = UNSET
    tags: Annotated[list[Tag], Meta(max_length=20)] | UnsetType = UNSET
    order_no: Annotated[str, Meta(max_length=60)] | UnsetType | None = UNSET


class NewTicket(msgspec.Struct):
    """Without a priority it has that of its type."""

    contact_id: UUID
    subject: Subject
    text: Words
    type: TypeName = UNSORTED
    priority: Priority | None = None


class JoinRequest(msgspec.Struct):
    into: UUID
    conversation_id: UUID


class MergeRequest(msgspec.Struct):
    """`number` is that of the ticket it goes into."""

    number: Annotated[int, Meta(ge=1)]
    text: Words


class SplitRequest(msgspec.Struct):
    message_ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    subject: Subject


class WaitRequest(msgspec.Struct):
    """`next_follow_up` is required for internal, third_party and appointment."""

    reason: WaitingReason
    text: Words
    next_follow_up: Instant | None = None


class WordsRequest(msgspec.Struct):
    text: Words


class WatchRequest(msgspec.Struct):
    """Without an agent: whoever asks."""

    agent_id: UUID | None = None


class LinkRequest(msgspec.Struct):
    """`number` is that of the other ticket."""

    number: Annotated[int, Meta(ge=1)]
    text: Words
    kind: LinkKind = LinkKind.RELATES


class SubTask(msgspec.Struct):
    """Of the same customer, given to a team."""

    subject: Subject
    team_id: UUID
    text: Words
    priority: Priority | UnsetType = UNSET


class TracePage(msgspec.Struct):
    items: list[TraceRow]
    next: str | None


class TicketShape(msgspec.Struct):
    ticket: TicketRow


def cursor_of(row: TicketRow) -> str:
    """Opaque to clients: the place after this row."""
    return write_cursor(row.last_message_at, row.id)


def write_cursor(at: datetime, id: UUID) -> str:
    return _packed((at, id))


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    return _opened(cursor, tuple[Instant, UUID])


def write_rank(place: tuple[float, UUID]) -> str:
    return _packed(place)


def read_rank(cursor: str | None) -> tuple[float, UUID] | None:
    return _opened(cursor, tuple[float, UUID])


def write_place(row: TraceRow) -> str:
    return _packed((row.at, row.key))


def read_place(cursor: str | None) -> tuple[datetime, str] | None:
    return _opened(cursor, tuple[Instant, Annotated[str, Meta(pattern="^[ne][0-9a-f-]{1,40}$")]])


def _packed(place: tuple[object, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _opened(cursor: str | None, kind: type[Place]) -> Place | None:
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except ValueError as error:
        raise Invalid("not a cursor of this list", "cursor") from error
