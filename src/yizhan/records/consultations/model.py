"""A question to colleagues, who was asked, and what they said to each other."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class ConsultationState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class MemberState(StrEnum):
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    LEFT = "left"


class NewConsultation(msgspec.Struct, frozen=True, kw_only=True):
    ticket_id: UUID
    conversation_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    question: str
    asked_by: UUID
    war_room: bool = False


class Consultation(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    ticket_id: UUID
    conversation_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    question: str
    war_room: bool
    asked_by: UUID
    asked_at: datetime
    state: ConsultationState
    conclusion: str | None
    closed_by: UUID | None
    closed_at: datetime | None
    said: int
    version: int


class Invitation(msgspec.Struct, frozen=True):
    """Of one agent; of a team while nobody of it has come, `agent_id` None."""

    id: UUID
    agent_id: UUID | None
    team_id: UUID | None
    state: MemberState
    invited_by: UUID
    invited_at: datetime
    answered_at: datetime | None


class Line(msgspec.Struct, frozen=True):
    id: UUID
    author: UUID
    text: str
    mentions: list[UUID]
    at: datetime
