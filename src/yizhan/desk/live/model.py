"""What travels in frames, and what decides who gets them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from yizhan.desk.views import ConversationRow, TicketRow
from yizhan.foundation.journal import Head

Row = ConversationRow | TicketRow
ListName = Literal["mine", "team", "unassigned", "all", "none"]


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """What a screen shows beyond an agent's own work, as its client declares it."""

    tickets: frozenset[UUID] = frozenset()
    contacts: frozenset[UUID] = frozenset()
    conversations: frozenset[UUID] = frozenset()
    list: ListName = "none"
    queue: bool = False
    visitors: bool = False
    monitor: bool = False
    customers: bool = False


class Reach(msgspec.Struct, frozen=True):
    """Whom a row concerned at one moment: all that is kept of an older row."""

    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID
    conversation_id: UUID | None
    ticket_id: UUID | None
    queued: bool = False
    unassigned: bool = False


class WidgetAttachment(msgspec.Struct, frozen=True):
    name: str
    type: str
    size: int
    url: str


class WidgetMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a visitor may see it."""

    id: UUID
    conversation_id: UUID
    from_: str = msgspec.field(name="from")
    name: str
    kind: str
    text: str
    attachments: list[WidgetAttachment]
    at: datetime
    client_id: str | None
    delivery: str
    payload: dict[str, Any] | None = None


class QueuePlace(msgspec.Struct, frozen=True):
    """`position` counts from 1; `eta_s` is None when nobody can tell."""

    position: int
    eta_s: int | None = None


QueueState = Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, QueuePlace]]]
"""Places of queued conversations; those that do not queue are left out."""


class WidgetConversation(msgspec.Struct, frozen=True):
    id: UUID
    phase: str
    agent_name: str | None
    queue: QueuePlace | None
    survey: bool
    rating: dict[str, Any] | None = None


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What may be lost: it travels by the bus, never by the journal.

    `kind` is typing (of `who` in a conversation), viewing (a ticket, by an agent), draft (an agent's in a conversation,
    `id` is its version, empty for none), invite (to a visitor by his blind index, hexadecimal) or back (a window of an
    agent, `id`, on a new socket, `text`: the one it had is dead, whether or not anybody noticed).
    """

    kind: Literal["typing", "viewing", "draft", "invite", "back"]
    conversation_id: UUID | None = None
    ticket_id: UUID | None = None
    agent_id: UUID | None = None
    visitor: str | None = None
    who: Literal["agent", "customer"] = "agent"
    name: str = ""
    id: str = ""
    text: str = ""
    on: bool = True


def reach_of(row: Row) -> Reach:
    if isinstance(row, ConversationRow):
        queued = row.live and row.phase == "queued"
        return Reach(row.brand_id, row.team_id, row.agent_id, row.contact_id, row.id, row.ticket_id, queued=queued)
    unassigned = row.agent_id is None and row.status == "new" and row.merged_into is None
    return Reach(row.brand_id, row.team_id, row.agent_id, row.contact_id, None, row.id, unassigned=unassigned)


def read_place(text: str | None) -> Head | None:
    """An outside position `epoch:pos`; None when it is none."""
    epoch, _, pos = (text or "").partition(":")
    if not (epoch.isascii() and epoch.isdigit() and pos.isascii() and pos.isdigit()) or len(pos) > 18 or len(epoch) > 9:
        return None
    return Head(int(epoch), int(pos))
