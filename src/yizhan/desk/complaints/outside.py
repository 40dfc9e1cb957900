"""外部投诉: a deadline by the calendar, an approved reply, and nothing erased meanwhile."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk import notices
from yizhan.desk.complaints import service
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.complaints.telling import raise_notice
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.timer import NewTimer, set_timers
from yizhan.records import cases, complaints, tickets
from yizhan.records.cases import Case, CaseState, Deadline, NewCase, Reply
from yizhan.records.complaints import Change, Grade
from yizhan.records.tickets import Action, By, Note

CASE = "complaints.case"
EXTERNAL = "external"
BREACH = "case.breach"


async def register(
    tx: Tx, ticket_id: UUID, new: NewCase, book: Rulebook, *, by: By, now: datetime
) -> tuple[Case, bool]:
    """Known under this number: the same case, about this ticket too. The ticket becomes a grave complaint; one that was
    over is taken up again."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.merged_into is not None:
        raise Conflict("the ticket was merged into another: register the case there")
    deadline = book.deadline(new.source, new.received_on, now)
    case, fresh = await cases.register(
        tx, new, deadline, ticket_id=ticket_id, contact_id=ticket.contact_id, actor=by.actor, now=now
    )
    line = tickets.line(
        "case_registered" if fresh else "case_joined", source=case.source, number=case.case_no, until=case.deadline_on
    )
    await _note(tx, ticket_id, line, by, now)
    if ticket.status in tickets.FINAL:
        ticket = await tickets.move_ticket(tx, ticket, Action.REOPEN, text=line, by=by, now=now, typed=False)
    known = await complaints.lock_of_ticket(tx, ticket_id)
    if known is None:
        text = tickets.line("complaint_opened", grade=Grade.MAJOR)
        await service.begin(
            tx, ticket, book, grade=Grade.MAJOR, causes=[EXTERNAL], text=text, by=by, now=now, demands=new.demands
        )
    elif not known.open:
        await service.again(tx, ticket_id, book, by.actor, now)
    if known is not None and EXTERNAL not in known.causes:
        ticket, known = await service.lock(tx, known.id)
        grade = complaints.graver(known.grade, Grade.MAJOR)
        await service.regrade(tx, ticket, known, Change(grade=grade), book, causes=[EXTERNAL], by=by, now=now)
    if fresh:
        await _set_timers(tx, case, book)
        await _tell(tx, case, ticket_id, "case.registered", by, now)
    if book.rules.hold_external and (fresh or not await cases.is_held(tx, ticket.contact_id)):
        reason = f"{tickets.PARTS['source'][case.source]} {case.case_no}"
        await cases.hold(tx, ticket.contact_id, reason=reason, actor=by.actor, now=now, case_id=case.id)
    return case, fresh


async def merge(tx: Tx, case_id: UUID, into_id: UUID, book: Rulebook, *, by: By, now: datetime) -> Case:
    case, into = await cases.lock_two(tx, case_id, into_id)
    merged = await cases.merge_case(tx, case, into, actor=by.actor, now=now)
    if merged.deadline_at != into.deadline_at:
        await _set_timers(tx, merged, book)
    for ticket_id in (await cases.tickets_of(tx, [merged.id]))[merged.id]:
        text = tickets.line("case_merged", number=case.case_no, into=into.case_no)
        await _note(tx, ticket_id, text, by, now)
    return merged


async def write_reply(tx: Tx, case_id: UUID, text: str, *, agent_id: UUID, by: By, now: datetime) -> Reply:
    case = await cases.lock_case(tx, case_id)
    reply = await cases.write_reply(tx, case, text, author=agent_id, now=now)
    await _note_all(tx, case, tickets.line("reply_written", number=case.case_no, version=reply.number), by, now)
    about = await _first_ticket(tx, case)
    await _tell(tx, case, about, "case.reply_written", by, now)
    return reply


async def decide_reply(
    tx: Tx, reply_id: UUID, approve: bool, *, text: str, agent_id: UUID, by: By, now: datetime
) -> Reply:
    case, reply = await cases.lock_reply(tx, reply_id)
    decided = await cases.decide_reply(tx, case, reply, approve, text=text, by=agent_id, now=now)
    code = "reply_approved" if approve else "reply_refused"
    line = tickets.line(code, number=case.case_no, version=reply.number, words=text.strip()[:3900])
    await _note_all(tx, case, line, by, now)
    await raise_notice(
        tx, await _first_ticket(tx, case), who=["author"], agents=[reply.author], why=f"case.reply_{decided.state}",
        actor=by.actor, now=now, facts={"case": case.id, "version": reply.number},
    )  # fmt: skip
    return decided


async def answer(tx: Tx, case_id: UUID, *, by: By, now: datetime) -> Case:
    case = await cases.answer_case(tx, await cases.lock_case(tx, case_id), actor=by.actor, now=now)
    await _note_all(tx, case, tickets.line("case_answered", source=case.source, number=case.case_no), by, now)
    await _stop_ringing(tx, case, by, now)
    return case


async def close(tx: Tx, case_id: UUID, result: str, *, by: By, now: datetime) -> Case:
    case = await cases.close_case(tx, await cases.lock_case(tx, case_id), result, actor=by.actor, now=now)
    await _note_all(tx, case, tickets.line("case_closed", number=case.case_no, words=result.strip()[:3900]), by, now)
    await _stop_ringing(tx, case, by, now)
    return case


async def due(tx: Tx, case_id: UUID, stage: str, due_at: str, now: datetime) -> None:
    """A timer of the deadline; told once each, and not at all where it was answered or moved."""
    case = await cases.lock_case(tx, case_id)
    if case.state is not CaseState.OPEN or case.deadline_at.isoformat() != due_at:
        return
    told = await (cases.warn if stage == "warning" else cases.breach)(tx, case_id, now)
    if told is not None:
        await _tell(tx, told, await _first_ticket(tx, told), f"case.{stage}", By(f"timer:{CASE}"), now)


async def _set_timers(tx: Tx, case: Case, book: Rulebook) -> None:
    end = case.deadline_at
    deadline = Deadline(case.working_days, case.deadline_on, end, case.calendar)
    stages = (("warning", book.warns_at(deadline)), ("breach", end))
    await set_timers(tx, [
        NewTimer(at, CASE, case.id, 0, {"stage": stage, "due": end.isoformat()}) for stage, at in stages
    ])  # fmt: skip


async def _tell(tx: Tx, case: Case, ticket_id: UUID, why: str, by: By, now: datetime) -> None:
    how = "call" if why == BREACH else "notify"
    facts: dict[str, object] = {"case": case.id, "source": case.source, "deadline_on": case.deadline_on}
    complaint = next(iter(await complaints.of_tickets(tx, [ticket_id])), None)
    holder = [complaint.holder_id] if complaint and complaint.holder_id else []
    who = ["holder", "role:supervisor", "role:specialist"]
    await raise_notice(
        tx, ticket_id, who=who, agents=holder, why=why, how=how, actor=by.actor, now=now, facts=facts,
        then=[("role:legal", "role:admin")] if how == "call" else (),
    )  # fmt: skip


async def _stop_ringing(tx: Tx, case: Case, by: By, now: datetime) -> None:
    for ticket_id in (await cases.tickets_of(tx, [case.id]))[case.id]:
        await notices.seen_to(tx, BREACH, ticket_id, actor=by.actor, now=now, ticket_id=ticket_id)


async def _first_ticket(tx: Tx, case: Case) -> UUID:
    return (await cases.tickets_of(tx, [case.id]))[case.id][0]


async def _note_all(tx: Tx, case: Case, text: str, by: By, now: datetime) -> None:
    for ticket_id in (await cases.tickets_of(tx, [case.id]))[case.id]:
        await _note(tx, ticket_id, text, by, now)


async def _note(tx: Tx, ticket_id: UUID, text: str, by: By, now: datetime) -> None:
    await tickets.add_note(tx, Note(
        ticket_id=ticket_id, action="external_case", text=text, typed=False, actor=by.actor, at=now,
    ))  # fmt: skip
