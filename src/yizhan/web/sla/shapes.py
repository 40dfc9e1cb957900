"""What goes over the wire about service levels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.sla import Explained, Words


class StretchShape(msgspec.Struct):
    begin: datetime
    end: datetime


class PolicyShape(msgspec.Struct):
    """The version the target was set with; 0 is built in."""

    name: str
    version: int
    release: int
    title: Words


class CalendarShape(msgspec.Struct):
    name: str
    version: int
    title: Words
    tz: str


class TargetShape(msgspec.Struct):
    """`allowed_s` and `left_s` are seconds of the target's own clock: of the calendar's open time, or all time.

    `counted` are the stretches that count until the target is due, paused or over, the first 200 of them; `why` says
    why this policy, `when` why this time.
    """

    id: UUID
    ticket_id: UUID
    conversation_id: UUID | None
    kind: str
    state: str
    policy: PolicyShape
    calendar: CalendarShape | None
    priority: int
    allowed_s: int
    spent_s: int | None
    left_s: int | None
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    paused_at: datetime | None
    met_at: datetime | None
    cancelled_at: datetime | None
    cancelled_why: str | None
    pauses: list[StretchShape]
    counted: list[StretchShape]
    why: Words
    when: Words


class SlaShape(msgspec.Struct):
    items: list[TargetShape]


def target_shape(of: Explained) -> TargetShape:
    t = of.target
    calendar = None
    if t.time is not None and of.calendar is not None:
        calendar = CalendarShape(*t.time, of.calendar, of.tz or "")
    return TargetShape(
        id=t.id, ticket_id=t.ticket_id, conversation_id=t.conversation_id, kind=t.kind, state=t.state,
        policy=PolicyShape(t.policy, t.policy_version, t.release, of.title), calendar=calendar, priority=t.priority,
        allowed_s=t.allowed_s, spent_s=t.spent_s, left_s=of.left_s, started_at=t.started_at, due_at=t.due_at,
        warn_at=t.warn_at, warned_at=t.warned_at, breached_at=t.breached_at, paused_at=t.paused_at, met_at=t.met_at,
        cancelled_at=t.cancelled_at, cancelled_why=t.cancelled_why,
        pauses=[StretchShape(begin, end) for begin, end in t.pauses],
        counted=[StretchShape(begin, end) for begin, end in of.counted], why=of.why, when=of.when,
    )  # fmt: skip
