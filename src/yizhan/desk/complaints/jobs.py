"""Complaints at work: a reader of the few events that concern them, and the timers of their clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from yizhan.desk import views
from yizhan.desk.complaints import outside, service, store
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.complaints.service import AGAIN, CLIMB, CLOCK, CONSENT, CONSIDER, GROUP, HAND, Assign
from yizhan.desk.complaints.telling import raise_notice
from yizhan.foundation.clock import Clock as Watch
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import NewTimer, Timer, Timers, set_timer, set_timers
from yizhan.records import complaints, tickets
from yizhan.records.complaints import Change, ClockKind, Complaint, Grade
from yizhan.records.tickets import By

KINDS = frozenset({"ticket.flagged", "ticket.changed", "ticket.moved"})
Rules = Callable[[], Rulebook]
_TELLING = frozenset({"type", "order_no", "fields"})


def complaint_reader(db: Database, clock: Watch) -> Reader:
    """The durable reader `complaints`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await hear(tx, entries, clock.now())

    return Reader(db, clock, "complaints", take, kinds=KINDS)


async def hear(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """Each is done in a transaction of its own: a batch may not hold one ticket and lock another."""
    moved = [e for e in entries if e.kind == "ticket.moved" and e.ticket_id and _ends_or_reopens(e)]
    states = await complaints.states_of(tx, {e.ticket_id for e in moved if e.ticket_id})
    asked = dict.fromkeys(e.ticket_id for e in entries if e.ticket_id and _asks(e))
    due = [NewTimer(now, CONSIDER, ticket, 0) for ticket in await store.concerned(tx, list(asked))]
    for e in moved:
        if e.ticket_id not in states:
            continue
        ended = e.data.get("to") == "done"
        if ended == states[e.ticket_id]:
            due.append(NewTimer(now, CONSENT if ended else AGAIN, e.ticket_id, 0, {"actor": e.actor}))
    await set_timers(tx, due)


def _asks(e: Entry) -> bool:
    """Also when the order or the product became known: three cases of one product in a day are a crisis."""
    if e.kind == "ticket.flagged":
        return True
    return e.kind == "ticket.changed" and not _TELLING.isdisjoint(e.data.get("fields", ()))


def _ends_or_reopens(e: Entry) -> bool:
    """Completed by the customer, or reopened by anybody."""
    by_customer = e.actor.startswith("customer:") and e.data.get("to") == "done"
    return by_customer or e.data.get("action") == "reopen" or e.data.get("from") in ("done", "cancelled")


def register_timers(timers: Timers, rules: Rules, assign: Assign) -> None:
    async def consider(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.consider(tx, timer.subject, rules(), now)

    async def consent(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.consented(tx, timer.subject, str(timer.data["actor"]), now)

    async def again(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.again(tx, timer.subject, rules(), str(timer.data["actor"]), now)

    async def clock(tx: Tx, timer: Timer, now: datetime) -> None:
        await strike(tx, timer, rules(), assign, now)

    async def climb(tx: Tx, timer: Timer, now: datetime) -> None:
        await climb_on(tx, timer, rules(), assign, now)

    async def group(tx: Tx, timer: Timer, now: datetime) -> None:
        await join_group(tx, timer, rules(), now)

    async def hand(tx: Tx, timer: Timer, now: datetime) -> None:
        await hand_again(tx, timer, assign, now)

    async def case(tx: Tx, timer: Timer, now: datetime) -> None:
        await outside.due(tx, timer.subject, str(timer.data["stage"]), str(timer.data["due"]), now)

    for kind, handler in (
        (CONSIDER, consider), (CONSENT, consent), (AGAIN, again), (CLOCK, clock), (CLIMB, climb), (GROUP, group),
        (HAND, hand), (outside.CASE, case),
    ):  # fmt: skip
        timers.register(kind, handler)


async def strike(tx: Tx, timer: Timer, book: Rulebook, assign: Assign, now: datetime) -> None:
    """A clock's end is near, or there: said once. At the end the next step takes over."""
    kind = ClockKind(str(timer.data["clock"]))
    _, c = await service.lock(tx, timer.subject)
    if not c.open or not await _runs(tx, c, kind, str(timer.data["due"]), now):
        return
    by, facts = By(f"timer:{CLOCK}"), {"clock": kind, "complaint": c.id, "grade": c.grade}
    if timer.data["stage"] == "warning":
        if await complaints.warn(tx, c.id, kind, now):
            await _tell(tx, c, "complaint.clock_warned", by, now, facts)
        return
    if not await complaints.breach(tx, c.id, kind, now):
        return
    await _tell(tx, c, "complaint.clock_breached", by, now, facts)
    if book.rules.climb:
        await set_timer(tx, now, CLIMB, c.id, 0, {"clock": kind, "step": c.step})


async def climb_on(tx: Tx, timer: Timer, book: Rulebook, assign: Assign, now: datetime) -> None:
    """Overdue: the next step takes over, and the one after it when that has not helped either."""
    kind = ClockKind(str(timer.data["clock"]))
    ticket_id = await complaints.ticket_of(tx, timer.subject)
    found = (await complaints.of_tickets(tx, [ticket_id]))[0]
    clock = next(each for each in (await complaints.clocks_of(tx, [found.id]))[found.id] if each.kind is kind)
    if not found.open or found.step != timer.data["step"] or clock.met_at is not None:
        return
    if complaints.next_step(found.step, book.steps) is None:
        return
    by = By(f"timer:{CLIMB}")
    text = f"{tickets.PARTS['clock'][kind]}已超时"
    after = await service.escalate(tx, found.id, book, assign, text=text, by=by, now=now, overdue=kind)
    if book.rules.climb_minutes is not None:
        at = now + timedelta(minutes=book.rules.climb_minutes)
        await set_timer(tx, at, CLIMB, after.id, 0, {"clock": kind, "step": after.step})


async def join_group(tx: Tx, timer: Timer, book: Rulebook, now: datetime) -> None:
    """One of many with the same product."""
    ticket = await tickets.lock_ticket(tx, timer.subject)
    c = await complaints.lock_of_ticket(tx, timer.subject)
    if c is None or not c.open or service.GROUP_CAUSE in c.causes:
        return
    named = next((p.title for p in book.rules.products if p.key == c.product), None)
    product, english = (named.zh, named.en) if named else (c.product or "", c.product or "")
    hours, many = book.rules.group.hours, timer.data["cases"]
    text = tickets.line("complaint_group", product=product, product_en=english, hours=hours, cases=many)
    await service.regrade(
        tx, ticket, c, Change(grade=Grade.CRISIS), book, causes=[service.GROUP_CAUSE], text=text,
        by=By(f"timer:{GROUP}"), now=now,
    )  # fmt: skip


async def hand_again(tx: Tx, timer: Timer, assign: Assign, now: datetime) -> None:
    """The holder takes the ticket as soon as his customer's live conversation is over."""
    ticket_id = await complaints.ticket_of(tx, timer.subject)
    found = (await complaints.of_tickets(tx, [ticket_id]))[0]
    ticket = await store.place_of(tx, ticket_id)
    if not found.open or not timer.fits(found.version) or found.holder_id in (None, ticket.agent_id):
        return
    await service.hand(tx, found, assign, str(timer.data["words"]), by=By(str(timer.data["actor"])), now=now)


async def _runs(tx: Tx, c: Complaint, kind: ClockKind, due: str, now: datetime) -> bool:
    """The clock the timer was set for; a first contact is looked up where nobody wrote it down."""
    clock = next(each for each in (await complaints.clocks_of(tx, [c.id]))[c.id] if each.kind is kind)
    if clock.met_at is not None or clock.due_at.isoformat() != due:
        return False
    if kind is not ClockKind.FIRST_CONTACT:
        return True
    at = await store.first_contact(tx, await views.with_merged(tx, c.ticket_id), c.opened_at)
    if at is None:
        return True
    await complaints.meet(tx, c, kind, actor=By(f"timer:{CLOCK}").actor, at=at, now=now)
    return False


async def _tell(tx: Tx, c: Complaint, kind: str, by: By, now: datetime, facts: dict[str, object]) -> None:
    await complaints.tell(tx, c, kind, by.actor, now, facts)
    place = await store.place_of(tx, c.ticket_id)
    agents = [each for each in dict.fromkeys((c.holder_id, place.agent_id)) if each is not None]
    await raise_notice(
        tx, c.ticket_id, who=["holder", "handler"] if agents else ["lead"], agents=agents, why=kind, actor=by.actor,
        now=now, facts=facts,
    )  # fmt: skip
