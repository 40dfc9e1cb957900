"""What goes over the wire about tickets."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.views import TicketRow
from yizhan.foundation.errors import Invalid
from yizhan.records.tickets import TicketType
from yizhan.web.conversations.shapes import Words

Priority = Annotated[int, Meta(ge=1, le=4)]
Subject = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
Instant = Annotated[datetime, Meta(tz=True)]
ViewName = Literal["mine", "team", "unassigned", "all"]
DueName = Literal["any", "warned", "breached"]


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
    action: Literal["solve", "confirm", "reopen", "cancel", "start", "return"]
    text: Words


class ChangeRequest(msgspec.Struct):
    version: int
    text: Words
    type: TicketType | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    subject: Subject | UnsetType = UNSET
    tags: Annotated[list[Tag], Meta(max_length=20)] | UnsetType = UNSET
    order_no: Annotated[str, Meta(max_length=60)] | UnsetType | None = UNSET


class NewTicket(msgspec.Struct):
    contact_id: UUID
    subject: Subject
    text: Words
    type: TicketType = TicketType.OTHER
    priority: Priority = 2


class JoinRequest(msgspec.Struct):
    into: UUID
    conversation_id: UUID


class SplitRequest(msgspec.Struct):
    message_ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    subject: Subject


class TicketShape(msgspec.Struct):
    ticket: TicketRow


def cursor_of(row: TicketRow) -> str:
    """Opaque to clients: the place after this row."""
    return write_cursor(row.last_message_at, row.id)


def write_cursor(at: datetime, id: UUID) -> str:
    raw = msgspec.json.encode((at, id))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=tuple[Instant, UUID])
    except ValueError as error:
        raise Invalid("not a cursor of this list", "cursor") from error
