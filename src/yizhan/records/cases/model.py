"""A case that an authority or a platform brings 外部投诉, its replies, and what may not be erased."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Source(StrEnum):
    HOTLINE_12315 = "12315"  # 全国 12315
    HOTLINE_12345 = "12345"  # 政务服务热线
    CONSUMER = "consumer"  # 消协
    MIIT = "miit"  # 工信部申诉
    HEIMAO = "heimao"  # 黑猫投诉
    PLATFORM = "platform"  # 平台介入


class CaseState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReplyState(StrEnum):
    SUBMITTED = "submitted"  # 待审批
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"  # by a later version, before anybody decided


class Deadline(msgspec.Struct, frozen=True):
    """The last of `working_days` after the day of receipt, by `calendar` (name@version)."""

    working_days: int
    on: date
    at: datetime
    calendar: str


class Case(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    source: Source
    case_no: str
    contact_id: UUID
    received_on: date
    working_days: int
    deadline_on: date
    deadline_at: datetime
    calendar: str
    state: CaseState
    demands: str
    result: str
    answered_at: datetime | None
    closed_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    merged_into: UUID | None
    actor: str
    created_at: datetime
    version: int


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    case_id: UUID
    number: int
    text: str
    state: ReplyState
    author: UUID
    at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """法律保留: nothing of this person is erased while it stands."""

    id: UUID
    contact_id: UUID
    case_id: UUID | None
    reason: str
    actor: str
    at: datetime
    released_at: datetime | None
    released_by: str | None
    released_why: str | None


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """证据包 that was made: `sha256` is that of the file, `blob` where it lies."""

    id: UUID
    ticket_id: UUID
    case_id: UUID | None
    blob: str
    sha256: str
    size: int
    files: int
    actor: str
    at: datetime
