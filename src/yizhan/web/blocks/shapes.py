"""What goes over the wire about the blacklist."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.blocks import BlockRow, Step
from yizhan.records.blocks import BlockScope, Reason

Note = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]
Moment = Annotated[datetime, Meta(tz=True)]


class ReportRequest(msgspec.Struct):
    """举报: the first times a warning, then the end and a limit."""

    reason: Reason


class ReportStep(msgspec.Struct):
    """What the report led to. After a limit the agent is offered a break."""

    what: Literal["warned", "blocked"]
    until: datetime | None
    break_minutes: int


class BlockRequest(msgspec.Struct):
    """Without `until` it stands until somebody lifts it."""

    reason: Reason
    note: Note
    scope: BlockScope = BlockScope.IDENTITY
    until: Moment | None = None


class BlockShape(msgspec.Struct):
    id: UUID
    scope: BlockScope
    reason: Reason
    note: str
    contact_id: UUID
    contact_name: str
    masked: str
    conversation_id: UUID | None
    ticket_id: UUID | None
    words: str
    until: datetime | None
    made_by: str
    made_at: datetime
    reviewed_at: datetime | None
    turned_away: int
    last_at: datetime | None
    in_force: bool
    to_review: bool


class BlockList(msgspec.Struct):
    """`to_review` is how many nobody looked at for longer than the house wants."""

    items: list[BlockShape]
    to_review: int
    next: str | None


def step_shape(step: Step) -> ReportStep:
    blocked = step.what == "blocked"
    return ReportStep("blocked" if blocked else "warned", step.until, 5 if blocked else 0)


def block_shape(row: BlockRow, now: datetime, review_before: datetime) -> BlockShape:
    one = row.block
    holds = one.holds(now)
    return BlockShape(
        one.id, one.scope, one.reason, one.note, one.contact_id, row.contact_name, row.masked, one.conversation_id,
        row.ticket_id, row.words, one.until, row.made_by_name, one.made_at, one.reviewed_at, one.turned_away,
        one.last_at, holds, holds and (one.reviewed_at or one.made_at) <= review_before,
    )  # fmt: skip
