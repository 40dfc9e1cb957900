"""What is kept of somebody who came to a shop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.errors import Conflict, NotFound


class How(StrEnum):
    """By what he was known. Only the code of his own telephone may show that it is he."""

    MEMBER_CODE = "member_code"
    CARD = "card"  # printed: who has it may have found it
    IDENTIFIER = "identifier"  # he said his number
    ORDER = "order"  # he said an order's number
    APPOINTMENT = "appointment"


class CodeUnknown(NotFound):
    """No such member code, or it is over."""

    code: ClassVar[str] = "code_unknown"


class CodeSpent(Conflict):
    """A code counts once: a picture of it opens nothing to the next."""

    code: ClassVar[str] = "code_spent"


class MemberCode(msgspec.Struct, frozen=True, kw_only=True):
    """`signed_in`: the house's own site vouched for who shows it."""

    code: bytes
    identity_id: UUID
    contact_id: UUID
    signed_in: bool
    shown_at: datetime
    expires_at: datetime
    encounter_id: UUID | None = None


class NewEncounter(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    contact_id: UUID
    agent_id: UUID
    how: How
    verified: bool
    until: datetime
    appointment_id: UUID | None = None


class Encounter(msgspec.Struct, frozen=True, kw_only=True):
    """A customer before somebody of a shop; `until` he may be looked at there."""

    id: UUID
    shop: str
    contact_id: UUID
    agent_id: UUID
    how: How
    verified: bool
    appointment_id: UUID | None
    at: datetime
    until: datetime


class NewVisit(msgspec.Struct, frozen=True, kw_only=True):
    purpose: str
    note: str
    ticket_id: UUID | None = None
    appointment_id: UUID | None = None


class ShopVisit(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    shop: str
    contact_id: UUID
    agent_id: UUID
    encounter_id: UUID
    appointment_id: UUID | None
    ticket_id: UUID | None
    purpose: str
    note: str
    at: datetime
