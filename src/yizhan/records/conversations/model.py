"""One bounded spell of service with one identity in one inbox, and the messages in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Phase(StrEnum):
    BOT = "bot"  # 机器人接待
    QUEUED = "queued"  # 排队中
    SERVED = "served"  # 接待中
    ENDED = "ended"  # 已结束


class EndReason(StrEnum):
    AGENT = "agent"
    CUSTOMER = "customer"
    TIMEOUT = "timeout"
    ABANDONED = "abandoned"
    TICKET = "ticket"  # an asynchronous conversation ends with its ticket
    MESSAGE = "message"  # 留言: nobody was there, words were left for later
    SYSTEM = "system"


class Solved(StrEnum):
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    FOLLOW_UP = "follow_up"


class Summary(msgspec.Struct, frozen=True):
    """服务小结."""

    type: str
    solved: Solved
    text: str


class TakenBack(msgspec.Struct, frozen=True):
    """Words of a customer that he took back, and when he had said them."""

    ticket_id: UUID | None
    at: datetime
    text: str


class Recalled(msgspec.Struct, frozen=True):
    """What a customer took back."""

    text: str
    attachments: list[dict[str, Any]]


class Rating(msgspec.Struct, frozen=True):
    solved: bool | None
    stars: int | None
    tags: list[str] = []
    comment: str = ""


class Conversation(msgspec.Struct, frozen=True):
    """A conversation as its verbs see it, its row locked."""

    id: UUID
    inbox_id: UUID
    identity_id: UUID
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    ticket_id: UUID | None
    channel: str
    live: bool
    phase: Phase
    agent_id: UUID | None
    needs: dict[str, Any]
    seniority: datetime
    waiting_since: datetime | None
    first_response_at: datetime | None
    last_message_at: datetime
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    inbound_count: int
    outbound_count: int
    asleep: bool
    joined_ticket_id: UUID | None
    assigned_at: datetime | None
    ended_at: datetime | None
    version: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message of ours before it is stored. `client_id` makes a repeated request the same message."""

    direction: str  # out | note | system
    author: str
    text: str
    kind: str = "text"
    html: str | None = None
    attachments: list[dict[str, Any]] = []
    payload: dict[str, Any] | None = None
    client_id: str | None = None
    human: bool = True  # automatic messages never count as 首次响应


class Stored(msgspec.Struct, frozen=True):
    message_id: UUID
    repeated: bool
