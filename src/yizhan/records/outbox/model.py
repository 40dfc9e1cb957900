"""A message on its way out, and what its letter is made of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # committed before the vendor is called: found at a start, nobody knows what became of it
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # perhaps sent: only a person may send it again


class Outgoing(msgspec.Struct, frozen=True):
    """One row of the queue. `attempt` counts the calls of the vendor, from 1 once the first has begun."""

    message_id: UUID
    inbox_id: UUID
    conversation_id: UUID
    channel: str
    state: State
    attempt: int
    next_at: datetime
    started_at: datetime | None


class Written(msgspec.Struct, frozen=True):
    """A message as it was stored, with what its letter needs of its surroundings."""

    message_id: UUID
    conversation_id: UUID
    identity_id: UUID
    ticket_id: UUID | None
    ticket_number: int | None
    ticket_subject: str | None
    author: str
    kind: str
    text: str
    html: str | None
    payload: dict[str, Any] | None
    attachments: list[dict[str, Any]] | None
    at: datetime
    recalled_at: datetime | None
    contact_name: str
    contact_locale: str | None
    agent_name: str | None


class Earlier(msgspec.Struct, frozen=True):
    """An earlier message of the conversation under the id its channel gave it."""

    external_id: str
    direction: str
    payload: dict[str, Any] | None
