"""What customers say of a spell of service, and what agents say of that."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Way(StrEnum):
    WINDOW = "window"  # where the conversation was
    MAIL = "mail"  # by a signed link


class Cause(StrEnum):
    PERSON = "person"  # 人员
    PROCESS = "process"  # 流程
    PRODUCT = "product"  # 产品
    LOGISTICS = "logistics"  # 物流
    MALICIOUS = "malicious"  # 恶意


class AppealState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """`asked_at` is None where an agent invited and the customer was spared."""

    conversation_id: UUID
    contact_id: UUID
    way: Way
    asked_at: datetime | None
    invited_by: UUID | None = None
    invited_at: datetime | None = None
    skipped: str | None = None


class RatingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`agent_id` served most turns; `others` served too. `excluded` from his figures, never from the business's."""

    conversation_id: UUID
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    inbox_id: UUID
    ticket_id: UUID | None
    agent_id: UUID | None
    others: list[UUID]
    solved: bool | None
    stars: int | None
    tags: list[str]
    comment: str
    way: Way
    given_at: datetime
    changed_at: datetime
    low: bool
    follow_up_id: UUID | None = None
    excluded: bool = False
    version: int = 1


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    conversation_id: UUID
    agent_id: UUID
    cause: Cause
    words: str
    made_at: datetime
    state: AppealState = AppealState.OPEN
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    decision: str | None = None
