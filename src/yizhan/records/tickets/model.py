"""The work item: one uniform form whatever the channel."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Status(StrEnum):
    NEW = "new"  # 待分配
    OPEN = "open"  # 处理中
    PENDING = "pending"  # 待客户确认
    DONE = "done"  # 已完成
    CANCELLED = "cancelled"  # 已取消


class Action(StrEnum):
    START = "start"  # somebody takes it
    RETURN_TO_QUEUE = "return"  # back to 待分配, or the customer's words bring it back to 处理中
    SOLVE = "solve"  # 提交待确认
    CONFIRM = "confirm"  # the customer, or the timer, agrees
    REOPEN = "reopen"
    CANCEL = "cancel"


class WaitingReason(StrEnum):
    CUSTOMER_INFO = "customer_info"  # 客户补充
    CUSTOMER_CONFIRM = "customer_confirm"  # 客户确认
    INTERNAL = "internal"  # 内部
    THIRD_PARTY = "third_party"  # 第三方
    APPOINTMENT = "appointment"  # 约定时间


OF_CUSTOMER = frozenset({WaitingReason.CUSTOMER_INFO, WaitingReason.CUSTOMER_CONFIRM})
"""Ended by the customer's next words; all others need a time at which somebody looks again."""


class LinkKind(StrEnum):
    RELATES = "relates"
    DUPLICATES = "duplicates"
    CAUSES = "causes"


class Ticket(msgspec.Struct, frozen=True):
    """A ticket as its verbs see it, its row locked."""

    id: UUID
    number: int
    brand_id: UUID
    contact_id: UUID
    subject: str
    type: str
    status: Status
    priority: int
    channel: str
    owner_id: UUID | None
    agent_id: UUID | None
    team_id: UUID | None
    order_no: str | None
    tags: list[str]
    last_message_at: datetime
    waiting_since: datetime | None
    merged_into: UUID | None
    linked_to: UUID | None
    created_at: datetime
    version: int
    waiting_reason: WaitingReason | None = None
    next_follow_up: datetime | None = None
    chases: int = 0
    chased_at: datetime | None = None
    parent_id: UUID | None = None
    fields: dict[str, Any] = {}


class Wait(msgspec.Struct, frozen=True):
    """What a ticket waits for, and when somebody looks again."""

    reason: WaitingReason
    next_follow_up: datetime | None = None


class By(msgspec.Struct, frozen=True):
    """Who acts, and what the request was. `agent_id` is set when a person at the workbench does it."""

    actor: str
    agent_id: UUID | None = None
    request: UUID | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """处理记录: the trace every move leaves."""

    ticket_id: UUID
    action: str
    text: str
    typed: bool
    actor: str
    at: datetime
    conversation_id: UUID | None = None
    from_status: str | None = None
    to_status: str | None = None
    evidence: dict[str, str] | None = None


class Tag(msgspec.Struct, frozen=True):
    """`merged_into` is the name that tickets have instead from now on."""

    tag: str
    color: str
    given: int
    retired: bool
    merged_into: str | None


class TicketChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a hand may change; unset leaves as it is. `fields` are all there will be, cleaned by the form."""

    type: str | msgspec.UnsetType = msgspec.UNSET
    priority: int | msgspec.UnsetType = msgspec.UNSET
    subject: str | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    order_no: str | msgspec.UnsetType | None = msgspec.UNSET
    fields: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class Verdict(msgspec.Struct, frozen=True):
    """What triage made of a ticket, only ever raising its priority. `told` goes into the event: rules and release.

    `flags` are what somebody has to look at beside the routing, such as safety.
    """

    ticket_id: UUID
    type: str
    priority: int
    needs: dict[str, Any] = {}
    told: dict[str, Any] = {}
    flags: tuple[str, ...] = ()


class Reranked(msgspec.Struct, frozen=True):
    """A ticket that other rules make more or less urgent, while it still is what it `was`. `text` says which."""

    ticket_id: UUID
    was: int
    priority: int
    text: str
    told: dict[str, Any] = {}


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """A locked ticket and its next handler, with the note that says why."""

    ticket: Ticket
    agent_id: UUID | None
    text: str
    typed: bool = False
    team_id: UUID | None = None
    conversation_id: UUID | None = None
    evidence: dict[str, str] | None = None
