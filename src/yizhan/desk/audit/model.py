"""What an auditor asks and reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """All that is set must fit. `kind` may end with a dot: `ticket.` is every event of tickets.

    `before` is the position of the last entry read; `until` is exclusive.
    """

    kind: str | None = None
    subject: UUID | None = None
    actor: str | None = None
    agent_id: UUID | None = None
    contact_id: UUID | None = None
    conversation_id: UUID | None = None
    ticket_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


class AuditEntry(msgspec.Struct, frozen=True):
    pos: int
    at: datetime
    kind: str
    subject: UUID
    subject_version: int
    actor: str
    on_behalf: str | None
    actor_name: str | None
    agent_id: UUID | None
    contact_id: UUID | None
    conversation_id: UUID | None
    ticket_id: UUID | None
    cause: int | None
    data: dict[str, Any]
    hash: bytes
