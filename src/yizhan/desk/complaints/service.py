"""What becomes of a complaint: opened and graded, taken over step by step, closed by consent or with a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from yizhan.desk import consultations, views
from yizhan.desk.complaints import store
from yizhan.desk.complaints.documents import SAFETY
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.complaints.products import product_of
from yizhan.desk.complaints.telling import raise_notice
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.timer import NewTimer, drop_timers, set_timer, set_timers
from yizhan.records import complaints, conversations, tickets
from yizhan.records.complaints import Change, Clock, ClockKind, ClosedBy, Complaint, Grade, LadderStep
from yizhan.records.config import OWN_WORDS_LENGTH
from yizhan.records.conversations import EndReason
from yizhan.records.tickets import Action, By, Note, Status, Ticket, TicketChange

CONSIDER = "complaints.consider"
CLOCK = "complaints.clock"
CLIMB = "complaints.climb"
GROUP = "complaints.group"
HAND = "complaints.hand"
CONSENT = "complaints.consent"
AGAIN = "complaints.again"
CRISIS = "complaint.crisis"
URGENT, HIGH = 4, 3
GROUP_CAUSE = "group"
NOBODY_THERE = ("role:supervisor", "role:admin")
_AGAIN_IN = timedelta(minutes=5)
_BY = By("complaints")
COMPLAINT = "complaint"
"""The ticket type, and what stands below it in the tree."""


class Assign(Protocol):
    """转派 to a person at once, with whatever the customer has open; raises Conflict where that cannot be just now."""

    def __call__(
        self, tx: Tx, ticket_id: UUID, *, agent_id: UUID, note: str, by: By, now: datetime
    ) -> Awaitable[None]: ...


async def consider(tx: Tx, ticket_id: UUID, book: Rulebook, now: datetime) -> Complaint | None:
    """A ticket was flagged, or became a complaint: opens one, or makes the one there is graver."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.status in tickets.FINAL or ticket.merged_into is not None:
        return None
    known = await complaints.lock_of_ticket(tx, ticket_id)
    place = await store.place_of(tx, ticket_id)
    if known is None and ticket.type.partition(".")[0] != COMPLAINT and not place.safety:
        return None
    facts = (await views.work_facts(tx, [ticket_id], now=now))[ticket_id]
    told = book.judge({**facts, "type": ticket.type, SAFETY: place.safety})
    for failure in told.failures:
        book.faults.note("complaints", book.source, failure.rule, failure.error)
    await book.faults.tell(tx, actor=_BY.actor, now=now)
    if known is None:
        return await begin(
            tx, ticket, book, grade=told.grade, causes=told.causes, product=told.product, by=_BY, now=now,
            text=tickets.line("complaint_opened", grade=told.grade),
        )  # fmt: skip
    if not known.open:
        return known
    product = known.product or told.product or await product_of(tx, ticket, book, now)
    if not complaints.is_graver(told.grade, known.grade) and product == known.product:
        return known
    change = Change(grade=complaints.graver(told.grade, known.grade), product=product)
    return await regrade(tx, ticket, known, change, book, causes=told.causes, by=_BY, now=now)


async def begin(
    tx: Tx, ticket: Ticket, book: Rulebook, *, grade: Grade, text: str, by: By, now: datetime,
    causes: Sequence[str] = (), product: str | None = None, department: str | None = None, demands: str = "",
    typed: bool = False,
) -> Complaint:  # fmt: skip
    """For a locked ticket. Grave ones are urgent before anything else is, and a crisis reaches the duty person."""
    _ensure_known(book, department, product)
    product = product or await product_of(tx, ticket, book, now)
    made = await complaints.open_complaint(
        tx, ticket_id=ticket.id, brand_id=ticket.brand_id, contact_id=ticket.contact_id, grade=grade, causes=causes,
        rules=book.source, clocks=book.clocks(grade, now), actor=by.actor, now=now, department=department,
        product=product, demands=demands,
    )  # fmt: skip
    if made is None:
        raise Conflict("this ticket has a complaint already")
    await _note(tx, ticket, "complaint", text, by, now, typed=typed)
    await _set_clocks(tx, made, book.clocks(grade, now))
    await _follow_grade(tx, ticket, made, None, by, now, book)
    await _look_for_group(tx, made, book, now)
    return made


async def regrade(
    tx: Tx, ticket: Ticket, c: Complaint, change: Change, book: Rulebook, *, by: By, now: datetime,
    causes: Sequence[str] = (), text: str = "", typed: bool = False,
) -> Complaint:  # fmt: skip
    """A change of a locked complaint. Its clocks follow the grade from when it was opened."""
    named = None if change.product in (UNSET, c.product) or by is _BY else change.product  # its order names others
    _ensure_known(book, *(None if each is UNSET else each for each in (change.department, named)))
    grade = c.grade if change.grade is UNSET else change.grade
    clocks = book.clocks(grade, c.opened_at) if grade is not c.grade else []
    after = await complaints.change_complaint(
        tx, c, change, causes=causes, clocks=clocks, actor=by.actor, now=now
    )  # fmt: skip
    line = tickets.line("complaint_grade", grade=grade) if grade is not c.grade else tickets.line("complaint_told")
    await _note(tx, ticket, "complaint", text or line, by, now, typed=typed)
    if clocks:
        await _set_clocks(tx, after, clocks)
        await _follow_grade(tx, ticket, after, c.grade, by, now, book)
    if after.product != c.product:
        await _look_for_group(tx, after, book, now)
    return after


async def contacted(tx: Tx, complaint_id: UUID, *, text: str, by: By, now: datetime) -> Complaint:
    """首次联系 by telephone or in another way that the product does not see."""
    ticket, c = await lock(tx, complaint_id)
    complaints.ensure_open(c)
    if not await complaints.meet(tx, c, ClockKind.FIRST_CONTACT, actor=by.actor, at=now, now=now):
        raise Conflict("the first contact is known already")
    await _note(tx, ticket, "complaint_contact", text, by, now, typed=True)
    return c


async def escalate(
    tx: Tx, complaint_id: UUID, book: Rulebook, assign: Assign, *, text: str, by: By, now: datetime,
    step: LadderStep | None = None, overdue: ClockKind | None = None,
) -> Complaint:  # fmt: skip
    """Up the ladder: whoever stands on the next step takes it over, and the ticket goes to him."""
    ticket_id = await complaints.ticket_of(tx, complaint_id)
    await conversations.lock_of_ticket(tx, ticket_id)
    ticket, c = await lock(tx, complaint_id)
    complaints.ensure_open(c)
    to = step or complaints.next_step(c.step, book.steps)
    if to is None:
        raise Conflict("it is on the top of the ladder already")
    if to not in book.steps:
        raise Invalid("the house's ladder has no such step", "step")
    to, holder = await _taker(tx, book, to, (ticket.agent_id, c.holder_id), ticket.team_id, now)
    after = await complaints.take_over(tx, c, to, holder, reason=text, actor=by.actor, now=now)
    name = (await store.names_of(tx, [holder])).get(holder, "") if holder else ""
    words = (
        tickets.line("complaint_climbed", step=to, name=name, clock=overdue)
        if overdue
        else tickets.line("complaint_taken", step=to, name=name, words=text.strip()[:3900])
    )
    await _note(tx, ticket, "complaint_escalated", words, by, now, typed=overdue is None)
    if holder is not None and holder != ticket.agent_id:
        await hand(tx, after, assign, words, by=by, now=now)
    await raise_notice(
        tx, ticket_id, who=[] if holder else NOBODY_THERE, agents=[holder] if holder else [], why="complaint.escalated",
        actor=by.actor, now=now, facts={"complaint": c.id, "step": to, "grade": c.grade},
    )  # fmt: skip
    return after


async def hand(tx: Tx, c: Complaint, assign: Assign, words: str, *, by: By, now: datetime) -> None:
    """The ticket to the holder; while his customer is in a live conversation with somebody else it is tried again."""
    assert c.holder_id is not None
    try:
        await assign(tx, c.ticket_id, agent_id=c.holder_id, note=words, by=by, now=now)
    except Conflict:
        await set_timer(tx, now + _AGAIN_IN, HAND, c.id, c.version, {"words": str(words), "actor": by.actor})


async def close(
    tx: Tx, complaint_id: UUID, by_whom: ClosedBy, *, text: str, may_close: bool, by: By, now: datetime,
    message_id: UUID | None = None,
) -> Complaint:  # fmt: skip
    """结案, and the ticket is completed. The customer's consent are his own words; else a supervisor says why."""
    held = await conversations.lock_of_ticket(tx, await complaints.ticket_of(tx, complaint_id))
    ticket, c = await lock(tx, complaint_id)
    if by_whom is ClosedBy.SUPERVISOR and not may_close:
        raise Forbidden("needs complaint.close")
    family = await views.with_merged(tx, c.ticket_id)
    if by_whom is ClosedBy.CUSTOMER and (
        message_id is None or not await store.is_consent(tx, message_id, family, c.opened_at)
    ):
        raise Invalid("choose the customer's own words by which he consents", "message_id")
    if len(text.strip()) < OWN_WORDS_LENGTH:
        raise Invalid(f"at least {OWN_WORDS_LENGTH} characters in your own words", "text")
    await _meet_first_contact(tx, c, family, now)
    after = await complaints.close_complaint(
        tx, c, by_whom, why=text, actor=by.actor, now=now, message_id=message_id
    )  # fmt: skip
    await drop_timers(tx, [c.id])
    for action in (Action.SOLVE, Action.CONFIRM):
        if (ticket.status, action) in tickets.TRANSITIONS:
            ticket = await tickets.move_ticket(tx, ticket, action, text=text, by=by, now=now, typed=True)
    if ticket.status in tickets.FINAL:
        for each in held:
            if not each.live:
                await conversations.end_conversation(
                    tx, each, reason=EndReason.TICKET, summary=None, actor=by.actor, now=now
                )
    return after


async def consented(tx: Tx, ticket_id: UUID, actor: str, now: datetime) -> None:
    """The ticket was completed by the customer himself: he consents."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    c = await complaints.lock_of_ticket(tx, ticket_id)
    if c is None or not c.open or ticket.status is not Status.DONE:
        return
    await _meet_first_contact(tx, c, [ticket_id], now)
    await complaints.close_complaint(tx, c, ClosedBy.CUSTOMER, why="客户确认完成", actor=actor, now=now)
    await drop_timers(tx, [c.id])


async def again(tx: Tx, ticket_id: UUID, book: Rulebook, actor: str, now: datetime) -> None:
    """The ticket was reopened, so the complaint is not over."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    c = await complaints.lock_of_ticket(tx, ticket_id)
    if c is None or c.open or ticket.status in tickets.FINAL:
        return
    clock = next(each for each in book.clocks(c.grade, now) if each.kind is ClockKind.CLOSE)
    after = await complaints.reopen_complaint(tx, c, clock, actor=actor, now=now)
    await _set_clocks(tx, after, [clock])
    await _note(tx, ticket, "complaint", tickets.line("complaint_again"), By(actor), now, typed=False)


async def lock(tx: Tx, complaint_id: UUID) -> tuple[Ticket, Complaint]:
    """The ticket first, as everywhere."""
    ticket = await tickets.lock_ticket(tx, await complaints.ticket_of(tx, complaint_id))
    return ticket, await complaints.lock_complaint(tx, complaint_id)


async def _meet_first_contact(tx: Tx, c: Complaint, family: Sequence[UUID], now: datetime) -> bool:
    at = await store.first_contact(tx, family, c.opened_at)
    if at is None:
        return False
    await complaints.meet(tx, c, ClockKind.FIRST_CONTACT, actor=_BY.actor, at=at, now=now)
    return True


async def _taker(
    tx: Tx, book: Rulebook, to: LadderStep, has_it: Collection[UUID | None], team_id: UUID | None, now: datetime
) -> tuple[LadderStep, UUID | None]:
    """The first word that means somebody else than who has it; whoever is there and carries least. A step on which
    nobody stands is passed over; where nobody stands above either, it is nobody's and the supervisors are told."""
    step: LadderStep | None = to
    while step is not None:
        rung = book.rules.rung(step)
        for word in rung.who if rung else ():
            for agent_id in await store.meant_by(tx, word, team_id, now):
                if agent_id not in has_it:
                    return step, agent_id
        step = complaints.next_step(step, book.steps)
    return to, None


async def _follow_grade(
    tx: Tx, ticket: Ticket, c: Complaint, before: Grade | None, by: By, now: datetime, book: Rulebook
) -> None:
    """The priority rises with the grade; a crisis is told to whoever is on duty, before any VIP."""
    wanted = {Grade.CRISIS: URGENT, Grade.MAJOR: HIGH}.get(c.grade, 0)
    current = await tickets.lock_ticket(tx, ticket.id)
    if current.priority < wanted:
        await tickets.change_ticket(
            tx, current, TicketChange(priority=wanted), expected=current.version,
            text=tickets.line("complaint_priority", grade=c.grade), by=replace(by, agent_id=None), now=now,
        )  # fmt: skip
    facts: dict[str, object] = {"complaint": c.id, "grade": c.grade, "causes": c.causes}
    if c.grade is Grade.CRISIS and before is not Grade.CRISIS:
        await raise_notice(
            tx, ticket.id, who=book.rules.duty, why=CRISIS, how="call", actor=by.actor, now=now, facts=facts,
            then=[*(rung.who for rung in book.rules.ladder), NOBODY_THERE],
        )  # fmt: skip
        await _open_war_room(tx, await tickets.lock_ticket(tx, ticket.id), by, book, now)
    elif c.grade is Grade.MAJOR and before is None:
        await raise_notice(tx, ticket.id, who=["lead"], why="complaint.major", actor=by.actor, now=now, facts=facts)


async def _open_war_room(tx: Tx, ticket: Ticket, by: By, book: Rulebook, now: datetime) -> None:
    """危机会诊: of each word whoever is there and carries least, and the handler. Where nobody is, notices go alone."""
    people: list[UUID] = []
    for word in book.rules.war_room:
        meant = [each for each in await store.meant_by(tx, word, ticket.team_id, now) if each not in people]
        people += meant[:1]
    asker = next(iter([each for each in (by.agent_id, ticket.agent_id, ticket.owner_id) if each] or people), None)
    if asker is not None:
        question = f"危机:{ticket.subject}"[:500]
        await consultations.summon(tx, ticket, question, people, by=asker, now=now)


async def _look_for_group(tx: Tx, c: Complaint, book: Rulebook, now: datetime) -> None:
    """So many people with one product in a day: each of their complaints becomes a crisis, one by one."""
    if c.product is None or (c.grade is Grade.CRISIS and GROUP_CAUSE in c.causes):
        return
    group = book.rules.group
    found = await complaints.same_product(tx, c.product, now - timedelta(hours=group.hours))
    if len(found) >= group.cases:
        facts: dict[str, object] = {"product": c.product, "cases": len(found)}
        await set_timers(tx, [NewTimer(now, GROUP, ticket, 0, facts) for ticket, _ in found])


async def _set_clocks(tx: Tx, c: Complaint, clocks: Sequence[Clock]) -> None:
    """Timers of every clock: near its end, and at its end. Those of an older grade find another instant and rest."""
    await set_timers(tx, [
        NewTimer(at, CLOCK, c.id, 0, {"clock": each.kind, "stage": stage, "due": each.due_at.isoformat()})
        for each in clocks for stage, at in (("warning", each.warn_at), ("breach", each.due_at))
    ])  # fmt: skip


async def _note(tx: Tx, ticket: Ticket, action: str, text: str, by: By, now: datetime, *, typed: bool) -> None:
    await tickets.add_note(tx, Note(
        ticket_id=ticket.id, action=action, text=tickets.check_note(text), typed=typed, actor=by.actor, at=now,
        from_status=ticket.status, to_status=ticket.status,
    ))  # fmt: skip


def _ensure_known(book: Rulebook, department: str | None, product: str | None) -> None:
    if department and department not in {each.key for each in book.rules.departments}:
        raise Invalid("the house has no such department", "department")
    if product and product not in {each.key for each in book.rules.products}:
        raise Invalid("the rules know no such product", "product")
