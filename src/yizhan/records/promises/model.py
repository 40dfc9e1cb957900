"""What was promised to a customer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class PromiseKind(StrEnum):
    REPLY = "reply"  # an answer: the agent's next words keep it
    CALL = "call"  # 回电
    ACT = "act"  # something is done: sent, repaid, repaired


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    LATE = "late"  # its time passed; owed until `settled_at`
    WITHDRAWN = "withdrawn"


class NewPromise(msgspec.Struct, frozen=True, kw_only=True):
    """`counts_from`: earlier replies keep nothing, they are the dialogue in which it was given."""

    ticket_id: UUID
    conversation_id: UUID | None
    message_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    made_by: UUID
    text: str
    kind: PromiseKind
    due: datetime
    counts_from: datetime


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    ticket_id: UUID
    conversation_id: UUID | None
    message_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    made_by: UUID
    made_at: datetime
    text: str
    kind: PromiseKind
    due: datetime
    state: PromiseState
    settled_at: datetime | None
    settled_by: str | None
    version: int

    @property
    def owed(self) -> bool:
        return self.settled_at is None
