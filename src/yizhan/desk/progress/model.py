"""The steps a customer is told of, and what he is shown of a ticket."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Step(StrEnum):
    ACCEPTED = "accepted"  # 受理: somebody has it
    TRANSFERRED = "transferred"  # 转交
    SOLUTION = "solution"  # 方案: 待客户确认
    DONE = "done"  # 完成


class Reached(msgspec.Struct, frozen=True):
    step: Step
    at: datetime


class Progress(msgspec.Struct, frozen=True):
    """What the customer may know: no names, no notes. `answer_by` is when somebody looks again."""

    id: UUID
    number: int
    subject: str
    status: str
    created_at: datetime
    answer_by: datetime | None
    chases: int
    steps: list[Reached]


class Reach(msgspec.Struct, frozen=True):
    """A ticket and the conversation in which its customer is told; `over` is set when a chat has ended.

    `round` counts how often the ticket came back; `waits` says that the customer has no answer of a person yet.
    """

    ticket_id: UUID
    number: int
    subject: str
    status: str
    ours: bool
    conversation_id: UUID | None
    inbox_id: UUID | None
    team_id: UUID | None
    contact_id: UUID
    channel: str | None
    live: bool
    over: datetime | None
    locale: str | None
    team: str | None
    round: int
    waits: bool
    spoke: datetime | None
    solved: datetime | None
