"""What is indexed and what is found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Document(msgspec.Struct, frozen=True):
    """A row to index. `text` is what people wrote; what is stored of it is words."""

    id: UUID
    kind: str
    ticket_id: UUID | None
    contact_id: UUID | None
    at: datetime
    text: str


class Found(msgspec.Struct, frozen=True):
    kind: str
    id: UUID
    ticket_id: UUID | None
    ticket_number: int | None
    contact_id: UUID | None
    title: str
    snippet: str
    at: datetime
    conversation_id: UUID | None = None
