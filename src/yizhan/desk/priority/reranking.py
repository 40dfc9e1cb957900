"""A campaign 大促 begins or ends, or other rules are in force: what waits is judged anew, a page at a time.

Nobody polls: a release sets a timer for every instant at which one of its rules begins or ends. What a person, waiting
or a promise made of a ticket is never lowered, only what rules made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.priority import policy, store
from yizhan.desk.priority.faults import PriorityBook
from yizhan.desk.priority.model import Decision, Record, Why
from yizhan.desk.priority.service import asked_of
from yizhan.desk.priority.store import Standing
from yizhan.desk.triage import Judge, Judged, TriageBook, judge_again
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.timer import NewTimer, Timer, cancel_timers, set_timer, set_timers
from yizhan.records import tickets
from yizhan.records.config import Published, TypeBook
from yizhan.records.tickets import Reranked

RELEASE, CAMPAIGN, RERANK = "priority.release", "priority.campaign", "priority.rerank"
ACTOR = "priority"
_HOUSE = UUID(int=0)
_PAGE = 200
_NOT_HERE_YET = timedelta(seconds=1)


class Reranking(msgspec.Struct, frozen=True):
    """What tickets are judged by. `in_force` is the release this process has taken up."""

    book: PriorityBook
    triage: TriageBook
    types: TypeBook
    in_force: Callable[[], Published]
    words: Judge | None = None


async def hear_release(tx: Tx, number: int, now: datetime) -> None:
    """Rules of priority were released: what waits is judged as soon as this house goes by them."""
    await set_timer(tx, now, RELEASE, _HOUSE, number)


async def take_up(tx: Tx, timer: Timer, by: Reranking, now: datetime) -> None:
    """A release: it says anew when campaigns begin and end."""
    number = timer.subject_version
    if by.in_force().number < number:
        await set_timer(tx, now + _NOT_HERE_YET, RELEASE, _HOUSE, number)
        return
    await cancel_timers(tx, _HOUSE, CAMPAIGN)
    await set_timers(tx, [NewTimer(at, CAMPAIGN, _HOUSE, number) for at in instants(by.book, now)])
    await begin(tx, timer, now)


async def begin(tx: Tx, timer: Timer, now: datetime) -> None:
    """From the first page on; a pass under way is over."""
    await cancel_timers(tx, _HOUSE, RERANK)
    await set_timer(tx, now, RERANK, _HOUSE, timer.subject_version)


async def turn_page(tx: Tx, timer: Timer, by: Reranking, now: datetime) -> None:
    """The next of what waits, the oldest first; what else is due comes between two pages."""
    after = timer.data.get("after")
    ids = await store.waiting_tickets(tx, UUID(str(after)) if after else None, _PAGE)
    if ids:
        await _rerank(tx, ids, by, now)
    if len(ids) == _PAGE:
        await set_timer(tx, now, RERANK, _HOUSE, timer.subject_version, {"after": ids[-1]})


def instants(book: PriorityBook, now: datetime) -> list[datetime]:
    """When a rule begins or ends."""
    rules = [rule for document in book.documents() for rule in document.rules if rule.enabled]
    return sorted({at for rule in rules for at in (rule.start, rule.end) if at is not None and at > now})


def reranked(found: int, now_is: int, decided: int, standing: Standing) -> int:
    """What the rules of today make of a ticket. Lower than it is only where rules alone made it what it is."""
    made = standing.after if standing.why is not None else found
    by_rules = standing.why in (None, Why.RULES, Why.SAFETY) and made == now_is and not standing.by_hand
    return decided if by_rules else max(now_is, decided)


async def _rerank(tx: Tx, ids: Sequence[UUID], by: Reranking, now: datetime) -> None:
    judged = await judge_again(tx, ids, by.triage, now=now, types=by.types.tree)
    standings = await store.standings(tx, ids)
    made = {each.case.ticket_id: _decided(each, by, now) for each in judged}
    changes: list[Reranked] = []
    for each in judged:
        id, case, decision = each.case.ticket_id, each.case, made[each.case.ticket_id]
        standing = standings.get(id, Standing(by_hand=False))
        if case.by_hand:
            standing = msgspec.structs.replace(standing, by_hand=True)
        priority = reranked(decision.found, case.priority, decision.priority, standing)
        if priority != case.priority:
            changes.append(_change(id, case.priority, priority, decision))
        for failure in decision.failed:
            by.book.faults.note("priority_rules", decision.source, failure.key, failure.error)
    done = await tickets.rerank(tx, changes, actor=ACTOR, now=now)
    await store.add_decisions(tx, _records(changes, done, made, now), now)
    await by.book.faults.tell(tx, actor=ACTOR, now=now)


def _decided(each: Judged, by: Reranking, now: datetime) -> Decision:
    told = by.words.judge(each.case, each.facts, each.last, now) if by.words is not None else each.last
    return policy.decide(asked_of(each.facts, told), by.book.of(each.case.inbox_id, each.case.team_id), now)


def _change(id: UUID, was: int, priority: int, decision: Decision) -> Reranked:
    titles = "、".join(rule.title or rule.key for rule in decision.matched)
    text = tickets.line("ruled", rules=titles) if titles else tickets.line("unruled")
    told = {"ruled": [rule.key for rule in decision.matched], "priority_rules": decision.source}
    return Reranked(id, was, priority, text, told)


def _records(
    changes: Sequence[Reranked], done: set[UUID], made: Mapping[UUID, Decision], now: datetime
) -> list[Record]:  # fmt: skip
    return [
        Record(
            id=new_id(now), ticket_id=c.ticket_id, at=now, why=made[c.ticket_id].why, before=c.was, after=c.priority,
            matched=list(made[c.ticket_id].matched), source=made[c.ticket_id].source,
        )
        for c in changes if c.ticket_id in done
    ]  # fmt: skip
