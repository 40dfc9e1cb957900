"""What becomes of one target: begun, paused, going on, late. Pure; the ledger says when.

Rules. The turn of a customer that nobody has answered has one target: the ticket's first is 首次响应, all later are
后续响应; only an answer of a person meets it. After an answer, thanks alone are no turn, and whoever ends the chat by
hand owes no further answer in it. 解决 runs from the ticket's creation or reopening to 已完成. While we
wait for the customer all targets of the ticket are paused. What a target was set with stays: later policies and
calendars do not move it. Only another priority of the ticket does, and only where that promises an earlier time: then a
new target begins from the original start, with the pauses there were. A promise already broken is not made stricter.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from yizhan.desk.sla.documents import SlaPolicy
from yizhan.desk.sla.model import State, Target, TargetKind, TicketState
from yizhan.desk.sla.timing import Pauses, Timepiece
from yizhan.foundation.ids import new_id

_PAUSING = frozenset({"customer_info", "customer_confirm"})


class Terms:
    """A policy in force with the time it counts by: what a new target is set with."""

    def __init__(
        self, name: str, version: int, release: int, policy: SlaPolicy, time: tuple[str, int] | None, clock: Timepiece
    ) -> None:
        self.name = name
        self.version = version
        self.release = release
        self.policy = policy
        self.time = time
        self.clock = clock


def pauses(status: str, waiting_reason: str | None) -> bool:
    """Whether we wait for the customer: 待客户确认, or 等待原因 客户补充 or 客户确认. Other reasons are ours."""
    return status == "pending" or waiting_reason in _PAUSING


def begin(
    terms: Terms, ticket: TicketState, kind: TargetKind, started: datetime, *, paused: Pauses = (),
    conversation_id: UUID | None = None, at: datetime,
) -> Target | None:  # fmt: skip
    """None where the policy promises nothing of the kind. Raises NeverOpen."""
    allowance = terms.policy.allowance(ticket.priority, kind)
    if allowance is None:
        return None
    working = allowance.clock == "working"
    clock = terms.clock if working else Timepiece()
    allowed = allowance.minutes * 60
    warn = terms.policy.warn_seconds(allowed)
    due = clock.reach(started, paused, allowed)
    warn_at = clock.reach(started, paused, warn) if warn is not None else None
    calendar, calendar_version = terms.time if working and terms.time else (None, None)
    return Target(
        id=new_id(at), ticket_id=ticket.id, conversation_id=conversation_id, kind=kind, state=State.RUNNING,
        policy=terms.name, policy_version=terms.version, release=terms.release, calendar=calendar,
        calendar_version=calendar_version, priority=ticket.priority, allowed_s=allowed, warn_s=warn,
        started_at=started, due_at=due, warn_at=warn_at, next_at=warn_at or due, pauses=tuple(paused),
    )  # fmt: skip


def pause(target: Target, clock: Timepiece, at: datetime) -> Target:
    spent = clock.spent(target.started_at, target.pauses, at)
    return replace(
        target, state=State.PAUSED, paused_at=at, spent_s=spent, due_at=None, warn_at=None, next_at=None,
        version=target.version + 1,
    )  # fmt: skip


def resume(target: Target, clock: Timepiece, at: datetime) -> Target:
    """The same time is left as when it was paused. What was late before stays late since then. Raises NeverOpen."""
    assert target.paused_at is not None
    paused = (*target.pauses, (target.paused_at, max(at, target.paused_at)))
    due = target.breached_at or clock.reach(target.started_at, paused, target.allowed_s)
    warn = target.warned_at
    if warn is None and target.warn_s is not None:
        warn = clock.reach(target.started_at, paused, target.warn_s)
    return replace(
        target, state=State.RUNNING, paused_at=None, pauses=paused, due_at=due, warn_at=warn,
        next_at=_next(target, warn, due), version=target.version + 1,
    )  # fmt: skip


def _next(target: Target, warn: datetime | None, due: datetime | None) -> datetime | None:
    if target.breached_at is not None:
        return None
    return due if target.warned_at is not None or warn is None else warn


def strike(target: Target, now: datetime) -> tuple[Target, str | None]:
    """What the instants that lie behind make of a running target: `warned`, `breached`, or nothing.

    One that was late before anybody looked is breached at once; the instants written are those of the clock.
    """
    if target.state is not State.RUNNING or target.due_at is None:
        return target, None
    if target.breached_at is None and target.due_at <= now:
        late = replace(
            target, breached_at=target.due_at, warned_at=target.warned_at or target.warn_at or target.due_at,
            next_at=None, version=target.version + 1,
        )  # fmt: skip
        return late, "breached"
    if target.warned_at is None and target.warn_at is not None and target.warn_at <= now:
        warned = replace(target, warned_at=target.warn_at, next_at=target.due_at, version=target.version + 1)
        return warned, "warned"
    return target, None


def end(target: Target, clock: Timepiece, state: State, at: datetime, why: str | None = None) -> Target:
    """Met or cancelled; a paused one has used what it had used when it was paused."""
    until = target.paused_at or max(at, target.started_at)
    return replace(
        target, state=state, next_at=None, spent_s=clock.spent(target.started_at, target.pauses, until),
        met_at=at if state is State.MET else None, cancelled_at=at if state is State.CANCELLED else None,
        cancelled_why=why, version=target.version + 1,
    )  # fmt: skip
