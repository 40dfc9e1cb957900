"""What lies on the sheet of a shift's end, what is done with it, and what the next one receives."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec


class Left(msgspec.Struct, frozen=True):
    """A ticket that cannot wait until its handler is back; `why` is sla, follow_up, promise or absent."""

    ticket_id: UUID
    team_id: UUID | None
    due_at: datetime
    why: str


class Sheet(msgspec.Struct, frozen=True):
    """`ends_at` is the end of the shift that runs, `back_at` when he is here again (a guess without a shift).

    `next` are those of his teams who work after him, who can take his tickets.
    """

    ends_at: datetime | None
    back_at: datetime
    chats: tuple[UUID, ...]
    tickets: tuple[Left, ...]
    next: tuple[UUID, ...]


class ChatChoice(msgspec.Struct, frozen=True, kw_only=True):
    """转接 to an agent or team, 结束 with the proposed summary or these words, or 继续 until it is done."""

    id: UUID
    do: Literal["transfer", "end", "keep"]
    agent_id: UUID | None = None
    team_id: UUID | None = None
    note: str = ""


class TicketChoice(msgspec.Struct, frozen=True, kw_only=True):
    """To the next shift, back to the team, or to this colleague."""

    id: UUID
    to: Literal["next", "team", "agent"]
    agent_id: UUID | None = None
    note: str


class Given(msgspec.Struct, frozen=True):
    """What came of it: how many were handed over, and the chats that still hold him here."""

    handed: int
    staying: tuple[UUID, ...]


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the 交接单."""

    id: UUID
    from_agent: UUID
    from_name: str
    to_agent: UUID | None
    to_team: UUID | None
    ticket_id: UUID | None
    conversation_id: UUID | None
    how: str
    note: str
    at: datetime
    seen_at: datetime | None
