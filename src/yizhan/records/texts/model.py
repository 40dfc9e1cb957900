"""One text message, and how far it got."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Purpose(StrEnum):
    CODE = "code"  # its subject is a verification
    NOTICE = "notice"  # its subject is a call of an outlet


class TextState(StrEnum):
    SENDING = "sending"  # committed before the vendor is called
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"  # perhaps sent: never again by itself


class Text(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    inbox_id: UUID
    purpose: Purpose
    subject: UUID
    masked: str
    state: TextState
    error: str | None
    at: datetime
    changed_at: datetime
