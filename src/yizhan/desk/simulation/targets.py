"""What became of the promises of a simulated day: the ledger of service levels hears it as it hears the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from yizhan.desk.simulation.day import Arrival, Day
from yizhan.desk.simulation.dealer import Promoted
from yizhan.desk.simulation.run import HORIZON, Served
from yizhan.desk.sla import Ledger, Rulebook, Target, Terms, TicketState, Timepiece, strike
from yizhan.foundation.journal import Entry

_NOBODY = UUID(int=0)
_SPACE = UUID("9f1f9d0c-8d4e-4d6e-9f57-0a7a1e4a2d35")
_AT_LAST_S = 300
_WITHOUT_WAITING = {"status": "new", "waiting_minutes": 0.0, "created_minutes": 0.0, "chases": 0}


class Promise(msgspec.Struct, frozen=True):
    """One kind of promise for one priority or type: how many were made, nearly broken (即将超时), and broken.

    `open` are those that nobody knows the end of; `spent_p95` is the share of the allowed time that was used.
    """

    kind: str
    key: str
    count: int
    near: int
    late: int
    open: int
    spent_p95: float


class Judged(msgspec.Struct, frozen=True):
    """One target's end."""

    kind: str
    priority: int
    type: str
    near: bool
    late: bool
    open: bool
    spent: float


def judge(
    day: Day, served: Sequence[Served], promoted: Mapping[int, Sequence[Promoted]], rulebook: Rulebook
) -> list[Judged]:
    """Of everything that came as a matter of its own, from its first word to the last answer and its end."""
    judged: list[Judged] = []
    clocks: dict[tuple[str, int] | None, Timepiece] = {terms.time: terms.clock for terms in rulebook.terms}
    clocks[None] = Timepiece()
    horizon = day.start + HORIZON
    for number, each in enumerate(served):
        if each.arrival.promised and not each.left:
            targets = _targets(number, each, promoted.get(number, ()), rulebook, clocks)
            judged += [_end(target, each.arrival, clocks, horizon) for target in targets]
    return judged


def _targets(
    number: int, served: Served, promoted: Sequence[Promoted], rulebook: Rulebook,
    clocks: Mapping[tuple[str, int] | None, Timepiece],
) -> list[Target]:  # fmt: skip
    a = served.arrival
    ticket_id = a.ticket_id or uuid5(_SPACE, str(number))
    tickets = {ticket_id: _ticket(ticket_id, a)}
    asked = {**a.facts, **_WITHOUT_WAITING, "working_hours": rulebook.working(a.at), "now": a.at}

    def choose(_: UUID) -> Terms | None:
        return rulebook.choose({**asked, "priority": tickets[ticket_id].priority})

    ledger = Ledger(tickets, (), choose, lambda target: clocks[target.time])
    ledger.hear(_entry("work.ready", ticket_id, a.at, {"work": "ticket"}))
    for at, priority in promoted:
        tickets[ticket_id] = msgspec.structs.replace(tickets[ticket_id], priority=priority)
        ledger.hear(_entry("ticket.changed", ticket_id, at, {"fields": ["priority"]}))
    for at, kind, told in sorted(_said(served), key=lambda each: each[0]):
        ledger.hear(_entry(kind, ticket_id, at, told))
    return [target for target in ledger.after.values() if target.cancelled_why != "priority"]


def _said(served: Served) -> Iterator[tuple[datetime, str, dict[str, object]]]:
    """What both said once somebody had it, and the end, never before the last answer.

    Who says no word, and from whom it does not move on, says one at last.
    """
    if served.agent_id is None:
        return
    a = served.arrival
    had = a.at + timedelta(seconds=served.had_s)
    took = 1.0 if served.matched else 1.5
    overlooked = _AT_LAST_S if served.moved < a.misses else 0
    last = answered = had + timedelta(seconds=max((a.reply_s or 0) * took, overlooked))
    yield answered, "message.sent", {"human": True}
    for offset, answer_s in a.turns:
        asked = max(last, had + timedelta(seconds=offset * took))
        yield asked, "message.received", {}
        if answer_s is not None:
            last = asked + timedelta(seconds=answer_s * took)
            yield last, "message.sent", {"human": True}
    if a.resolve_s is not None:
        solved = max(last, had + timedelta(seconds=a.resolve_s * took))
        yield solved, "ticket.moved", {"action": "confirm", "from": "open", "to": "done"}


def _end(
    target: Target, a: Arrival, clocks: Mapping[tuple[str, int] | None, Timepiece], horizon: datetime
) -> Judged:  # fmt: skip
    clock = clocks[target.time]
    if target.open:
        target = strike(target, horizon)[0]
        spent = clock.spent(target.started_at, target.pauses, horizon)
    else:
        spent = target.spent_s or 0
    late = target.breached_at is not None
    near = target.warned_at is not None and not late
    return Judged(
        target.kind.value, target.priority, a.type, near, late, target.open, spent / max(1, target.allowed_s)
    )  # fmt: skip


def _ticket(ticket_id: UUID, a: Arrival) -> TicketState:
    return TicketState(
        id=ticket_id, ready=True, status="open", waiting_reason=None, priority=a.priority, created_at=a.at,
        waiting_since=a.at, answered_at=None, closed_before=True, merged_into=None, brand_id=_NOBODY,
        team_id=a.team_id, agent_id=None, contact_id=_NOBODY,
    )  # fmt: skip


def _entry(kind: str, ticket_id: UUID, at: datetime, told: dict[str, object]) -> Entry:
    return Entry(
        0, 0, at, kind, 1, ticket_id, 1, None, None, None, None, None, ticket_id, "simulation", None, None, None, 0,
        told,
    )  # fmt: skip


def promises(judged: Sequence[Judged], key: str) -> list[Promise]:
    """By `priority` or `type`, in the order of kinds and keys."""
    found: dict[tuple[str, str], list[Judged]] = {}
    for each in judged:
        found.setdefault((each.kind, str(getattr(each, key))), []).append(each)
    return [_promise(kind, value, those) for (kind, value), those in sorted(found.items())]


def _promise(kind: str, key: str, those: Sequence[Judged]) -> Promise:
    ordered = sorted(each.spent for each in those)
    return Promise(
        kind, key, len(those), sum(each.near for each in those), sum(each.late for each in those),
        sum(each.open and not each.late for each in those),
        round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
    )  # fmt: skip
