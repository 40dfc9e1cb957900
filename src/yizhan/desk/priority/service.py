"""Priority at work: a judge of triage decides, timers raise what waits, and every decision is kept with its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.priority import policy, store
from yizhan.desk.priority.faults import PriorityBook
from yizhan.desk.priority.model import NAMES, Applied, Decision, Record, Why
from yizhan.desk.triage import Case, Conclusion, Facts, Judged
from yizhan.desk.views import type_facts
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.timer import NewTimer, drop_timers, set_timer, set_timers
from yizhan.records import tickets
from yizhan.records.tickets import By, TicketChange

PROMOTE = "priority.promote"
ACTOR = "priority"
_BY = By(f"timer:{PROMOTE}")


class Prioritiser:
    """A judge of triage. A rule that fails is left out, told once for a release, and counted."""

    def __init__(self, book: PriorityBook) -> None:
        self._book = book

    def asks(self, case: Case) -> frozenset[str]:
        return self._book.of(case.inbox_id, case.team_id).asked

    def judge(self, case: Case, facts: Facts, told: Conclusion, now: datetime) -> Conclusion:
        """What a person gave a priority is raised by rules, never lowered."""
        decision = policy.decide(asked_of(facts, told), self._book.of(case.inbox_id, case.team_id), now)
        floor = case.priority if case.ready or case.by_hand or case.reopened or case.priority > 2 else 1
        said = {"ruled": [each.key for each in decision.matched], "priority_rules": decision.source}
        return msgspec.structs.replace(
            told, priority=max(floor, decision.priority), kept={**told.kept, ACTOR: decision},
            told={**told.told, **said} if decision.matched else told.told,
        )  # fmt: skip

    async def settle(self, tx: Tx, judged: Sequence[Judged], now: datetime) -> None:
        decisions = [(each, _decision(each)) for each in judged]
        await store.add_decisions(tx, [_record(each, made, now) for each, made in decisions if _kept(each, made)], now)
        await self._arm(tx, judged, now)
        for _, made in decisions:
            for failure in made.failed:
                self._book.faults.note("priority_rules", made.source, failure.key, failure.error)
        await self._book.faults.tell(tx, actor=ACTOR, now=now)

    async def _arm(self, tx: Tx, judged: Sequence[Judged], now: datetime) -> None:
        timers = []
        for each in judged:
            since = _since(each)
            rules = self._book.of(each.case.inbox_id, each.case.team_id)
            due = policy.promotion_due(each.last.priority, since or now, rules)
            if due is not None:
                timers.append(NewTimer(due, PROMOTE, each.case.ticket_id, 0))
        again = [each.case.ticket_id for each in judged if each.case.ready or each.case.reopened]
        if again:
            await drop_timers(tx, again, PROMOTE)
        await set_timers(tx, timers)


def asked_of(facts: Facts, told: Conclusion) -> Facts:
    """What rules of priority look at: the facts of a ticket, and what triage made of it."""
    return {**facts, **type_facts(told.type), "priority": told.found, "safety": told.safety}


async def rearm(tx: Tx, ticket_ids: Sequence[UUID], book: PriorityBook, now: datetime) -> None:
    """Tickets of another priority than before: their timers are those of what they have now."""
    if not ticket_ids:
        return
    waiting = await store.all_waits(tx, ticket_ids)
    due = {id: policy.promotion_due(w.priority, w.waiting_since or now, book.of(w.inbox_id, w.team_id))
           for id, w in waiting.items() if w.status in ("new", "open")}  # fmt: skip
    await drop_timers(tx, list(ticket_ids), PROMOTE)
    await set_timers(tx, [NewTimer(max(at, now), PROMOTE, id, 0) for id, at in due.items() if at is not None])


async def promote(tx: Tx, ticket_id: UUID, book: PriorityBook, now: datetime) -> None:
    """The customer has waited: one step up, and the next step's timer. Who was answered meanwhile waits anew."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    waits = await store.waits(tx, ticket_id)
    if waits is None or ticket.status in tickets.FINAL or ticket.merged_into is not None:
        return
    rules = book.of(waits.inbox_id, waits.team_id)
    # Nobody waits just now: who begins to wait after this moment is due after the next look, never before it.
    due = policy.promotion_due(ticket.priority, waits.waiting_since or now, rules)
    if due is None:
        return
    if due > now:
        await set_timer(tx, due, PROMOTE, ticket_id, 0)
        return
    step = rules.promotions[ticket.priority]
    title = f"等待 {step.after_minutes} 分钟,{NAMES[ticket.priority]} → {NAMES[step.to_priority]}"
    await tickets.change_ticket(
        tx, ticket, TicketChange(priority=step.to_priority), expected=ticket.version, text=title, by=_BY, now=now
    )
    await store.add_decisions(tx, [Record(
        id=new_id(now), ticket_id=ticket_id, at=now, why=Why.WAITING, before=ticket.priority, after=step.to_priority,
        matched=[Applied(f"waiting.{step.after_minutes}", title, f"={step.to_priority}")], source=rules.source,
    )], now)  # fmt: skip
    following = policy.promotion_due(step.to_priority, waits.waiting_since, rules)
    if following is not None:
        await set_timer(tx, following, PROMOTE, ticket_id, 0)


def next_promotion(waits: store.Waits | None, book: PriorityBook) -> tuple[datetime, int] | None:
    """When waiting raises it, and to what."""
    if waits is None or waits.status not in ("new", "open"):
        return None
    rules = book.of(waits.inbox_id, waits.team_id)
    due = policy.promotion_due(waits.priority, waits.waiting_since, rules)
    return (due, rules.promotions[waits.priority].to_priority) if due else None


def _since(each: Judged) -> datetime | None:
    since = each.facts.get("waiting_since")
    return since if isinstance(since, datetime) else None


def _decision(each: Judged) -> Decision:
    decision = each.last.kept[ACTOR]
    assert isinstance(decision, Decision)
    return decision


def _kept(each: Judged, made: Decision) -> bool:
    """What rules changed, and the first judgement where any held."""
    new = not each.case.ready or each.last.priority > each.case.priority
    return new and (made.why is Why.SAFETY or bool(made.matched))


def _record(each: Judged, made: Decision, now: datetime) -> Record:
    before = each.case.priority if each.case.ready else made.found
    return Record(
        id=new_id(now), ticket_id=each.case.ticket_id, at=now, why=made.why, before=before, after=each.last.priority,
        matched=list(made.matched), source=made.source,
    )  # fmt: skip
