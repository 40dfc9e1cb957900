"""What is agreed with a customer who will come to a shop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.errors import Conflict


class AppointmentState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    MISSED = "missed"
    CANCELLED = "cancelled"


class SlotFull(Conflict):
    """As many come at this time as the shop takes."""

    code: ClassVar[str] = "slot_full"


class NewAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """`note` is for the shop alone."""

    shop: str
    contact_id: UUID
    conversation_id: UUID | None
    ticket_id: UUID | None
    brand_id: UUID
    team_id: UUID | None
    made_by: UUID
    starts_at: datetime
    purpose: str
    note: str


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    shop: str
    contact_id: UUID
    conversation_id: UUID | None
    ticket_id: UUID | None
    brand_id: UUID
    team_id: UUID | None
    made_by: UUID
    made_at: datetime
    starts_at: datetime
    purpose: str
    note: str
    state: AppointmentState
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None
    version: int
