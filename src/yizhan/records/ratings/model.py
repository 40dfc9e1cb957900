"""What customers say of a spell of service, and what agents say of that."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Way(StrEnum):
    WINDOW = "window"  # where the conversation was
    MAIL = "mail"  # by a signed link
    LINK = "link"  # by one in the conversation, where the channel is not ours


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


class TicketSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """The second question, about the whole matter. `conversation_id` is where it was asked."""

    ticket_id: UUID
    contact_id: UUID
    conversation_id: UUID
    way: Way
    took_hours: int
    asked_at: datetime


class TicketRating(msgspec.Struct, frozen=True, kw_only=True):
    """Of the whole matter: the business's figure, nobody's own. `owner_id` answered for it."""

    ticket_id: UUID
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    owner_id: UUID | None
    conversation_id: UUID
    took_hours: int
    solved: bool | None
    stars: int | None
    tags: list[str]
    comment: str
    given_at: datetime
    changed_at: datetime
    low: bool
    follow_up_id: UUID | None = None
    version: int = 1


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
