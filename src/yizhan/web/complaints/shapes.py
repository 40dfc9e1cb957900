"""What goes over the wire about complaints, what is paid for them, and outside cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.views import TicketRow
from yizhan.records.cases import CaseState, ReplyState, Source
from yizhan.records.compensations import PayKind, PayState
from yizhan.records.complaints import ClockKind, ClosedBy, Grade, LadderStep
from yizhan.web.conversations.shapes import Words

Long = Annotated[str, Meta(max_length=4000, pattern=r"^[^\x00]*$")]
Document = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00]*$")]
Key = Annotated[str, Meta(max_length=40)]


class Titled(msgspec.Struct):
    key: str
    zh: str
    en: str


class SourceShape(msgspec.Struct):
    key: Source
    working_days: int


class OptionsShape(msgspec.Struct):
    """What the house's rules offer."""

    departments: list[Titled]
    products: list[Titled]
    steps: list[LadderStep]
    sources: list[SourceShape]


class ClockShape(msgspec.Struct):
    kind: ClockKind
    due_at: datetime
    warn_at: datetime
    breached_at: datetime | None
    met_at: datetime | None


class StepShape(msgspec.Struct):
    step: LadderStep
    agent_id: UUID | None
    agent_name: str | None
    actor: str
    reason: str
    at: datetime


class ComplaintShape(msgspec.Struct):
    id: UUID
    ticket_id: UUID
    version: int
    grade: Grade
    causes: list[str]
    state: str
    department: str | None
    product: str | None
    demands: str
    remedy: str
    step: LadderStep
    holder_id: UUID | None
    holder_name: str | None
    frozen: bool
    rules: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: ClosedBy | None
    closed_why: str | None
    clocks: list[ClockShape]
    steps: list[StepShape]


class CompensationShape(msgspec.Struct):
    """`total_fen` is what the matter costs with it; `needs` is the role whose limit is enough."""

    id: UUID
    ticket_id: UUID
    ticket_number: int
    contact_name: str
    kind: PayKind
    fen: int
    total_fen: int
    order_no: str | None
    reason: str
    addition: bool
    state: PayState
    asked_by: UUID
    asked_name: str
    asked_at: datetime
    limit_fen: int | None
    needs: str | None
    decided_by: UUID | None
    decided_name: str | None
    decided_at: datetime | None
    decision: str | None


class LedgerShape(msgspec.Struct):
    """Of the whole person. `limit_fen` is the viewer's own; null is without limit."""

    items: list[CompensationShape]
    granted_fen: int
    limit_fen: int | None


class ReplyShape(msgspec.Struct):
    id: UUID
    case_id: UUID
    number: int
    text: str
    state: ReplyState
    author: UUID
    author_name: str
    at: datetime
    decided_by: UUID | None
    decided_name: str | None
    decided_at: datetime | None
    decision: str | None


class CaseShape(msgspec.Struct):
    """`tickets` are (id, number) of those it is about."""

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
    breached_at: datetime | None
    merged_into: UUID | None
    version: int
    tickets: list[tuple[UUID, int]]
    replies: list[ReplyShape]


class HoldShape(msgspec.Struct):
    id: UUID
    reason: str
    actor: str
    at: datetime
    released_at: datetime | None
    released_why: str | None


class PackageShape(msgspec.Struct):
    id: UUID
    sha256: str
    size: int
    files: int
    actor: str
    at: datetime
    url: str


class PanelShape(msgspec.Struct):
    """All about the complaint of a ticket; `complaint` is null where there is none."""

    complaint: ComplaintShape | None
    ledger: LedgerShape
    cases: list[CaseShape]
    holds: list[HoldShape]
    packages: list[PackageShape]
    options: OptionsShape


class OpenRow(msgspec.Struct):
    complaint: ComplaintShape
    ticket: TicketRow


class OpenPage(msgspec.Struct):
    items: list[OpenRow]
    next: str | None


class CasePage(msgspec.Struct):
    items: list[CaseShape]


class ReplyRow(msgspec.Struct):
    case: CaseShape
    reply: ReplyShape


class ApprovalsShape(msgspec.Struct):
    """What waits for this viewer's decision."""

    compensations: list[CompensationShape]
    replies: list[ReplyRow]


class NewComplaint(msgspec.Struct):
    text: Words
    grade: Grade = Grade.ORDINARY
    department: Key | None = None
    product: Key | None = None
    demands: Long = ""


class ComplaintChange(msgspec.Struct):
    version: int
    text: Words | UnsetType = UNSET
    grade: Grade | UnsetType = UNSET
    department: Key | UnsetType | None = UNSET
    product: Key | UnsetType | None = UNSET
    demands: Long | UnsetType = UNSET
    remedy: Long | UnsetType = UNSET


class EscalateRequest(msgspec.Struct):
    """Without a step: the next one."""

    text: Words
    step: Literal["lead", "supervisor", "specialist", "legal"] | None = None


class ComplaintCloseRequest(msgspec.Struct):
    """By the customer: `message_id` are his words of consent. By a supervisor: `text` says why."""

    by: ClosedBy
    text: Words
    message_id: UUID | None = None


class WishRequest(msgspec.Struct):
    fen: Annotated[int, Meta(ge=1, le=10_000_000)]
    kind: PayKind
    reason: Words
    order_no: Name | None = None
    addition: bool = False


class RemedyDecisionRequest(msgspec.Struct):
    approve: bool
    text: Long = ""


class CaseRequest(msgspec.Struct):
    source: Source
    case_no: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
    received_on: date
    demands: Long = ""


class CaseMergeRequest(msgspec.Struct):
    into: UUID


class ReplyRequest(msgspec.Struct):
    text: Document


class HoldRequest(msgspec.Struct):
    reason: Words
