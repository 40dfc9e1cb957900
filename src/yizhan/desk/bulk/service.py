"""Beginning a change of many tickets, doing it one by one, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.bulk import policy, store
from yizhan.desk.bulk.model import BulkChange, BulkJob, Doing, Hands, Place
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Conflict, DomainError, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.records import conversations, tickets
from yizhan.records.tickets import Action, By, Status, Ticket, TicketChange

BULK = "bulk"
_TAKEN_BACK = "撤销批量操作"


async def start(
    tx: Tx, agent_id: UUID, ticket_ids: Sequence[UUID], change: BulkChange, *, note: str, now: datetime
) -> BulkJob:
    """Whoever calls has made sure that the agent may see all of these."""
    policy.check_change(change)
    words = tickets.check_note(note)
    ids = list(dict.fromkeys(ticket_ids))
    if not 0 < len(ids) <= policy.MOST:
        raise Invalid(f"between 1 and {policy.MOST} tickets", "ticket_ids")
    return await _begin(tx, agent_id, ids, change, words, now)


async def undo(tx: Tx, job_id: UUID, agent_id: UUID, *, now: datetime) -> BulkJob:
    """Takes back what was done, ticket by ticket; one that somebody touched since stays as he left it."""
    told = await store.job(tx, job_id, lock=True)
    if told.state != "ended" or told.undoes is not None or told.undone_by is not None:
        raise Conflict("this was taken back already, or is not done yet")
    ids = [each.ticket_id for each in await store.outcomes(tx, job_id, "done")]
    if not ids:
        raise Conflict("nothing was done that could be taken back")
    made = await _begin(tx, agent_id, ids, BulkChange(do=Doing.UNDO), _TAKEN_BACK, now, undoes=job_id)
    await store.mark_undone(tx, job_id, made.id)
    return made


async def _begin(
    tx: Tx, agent_id: UUID, ids: Sequence[UUID], change: BulkChange, note: str, now: datetime,
    undoes: UUID | None = None,
) -> BulkJob:  # fmt: skip
    job_id = new_id(now)
    await store.add(tx, job_id, agent_id, change, note, ids, now, undoes)
    await enqueue(tx, BULK, {"job": str(job_id)}, key=str(job_id))
    await _tell(tx, "bulk.started", job_id, agent_id, now, {"do": change.do, "total": len(ids), "undoes": undoes})
    return await store.job(tx, job_id)


async def step(db: Database, job_id: UUID, hands: Hands, now: datetime) -> bool:
    """The next ticket, in a transaction of its own; False when nothing is left."""
    refused: DomainError | None = None
    ticket_id: UUID | None = None
    try:
        async with db.transaction() as tx:
            told = await store.job(tx, job_id)
            ticket_id = await store.next_waiting(tx, job_id)
            if ticket_id is None:
                await _finish(tx, told, now)
                return False
            before, after = await _apply(tx, told, ticket_id, hands, now)
            await store.settle_done(tx, job_id, ticket_id, policy.replaced(before), after.version)
    except DomainError as error:
        refused = error
    if refused is not None and ticket_id is not None:
        async with db.transaction() as tx:
            await store.settle_failed(tx, job_id, ticket_id, refused.code, refused.message)
    return True


async def _apply(tx: Tx, told: BulkJob, ticket_id: UUID, hands: Hands, now: datetime) -> tuple[Ticket, Ticket]:
    """The ticket as it was and as it is; the house locks conversations before tickets."""
    await conversations.lock_of_ticket(tx, ticket_id)
    ticket = await tickets.lock_ticket(tx, ticket_id)
    by = By(f"agent:{told.agent_id}", told.agent_id)
    if told.change.do is Doing.UNDO:
        await _take_back(tx, told, ticket, hands, by, now)
    elif told.change.do is Doing.ASSIGN:
        await hands.assign(tx, ticket.id, Place(told.change.agent_id, told.change.team_id), told.note, by, now)
    elif told.change.do is Doing.MOVE:
        assert told.change.action is not None
        await _move(tx, ticket, told.change.action, told.note, hands, by, now)
    else:
        await _change(tx, ticket, told.change, told.note, hands, by, now)
    return ticket, await tickets.lock_ticket(tx, ticket_id)


async def _move(tx: Tx, ticket: Ticket, action: Action, note: str, hands: Hands, by: By, now: datetime) -> None:
    open_tasks = await tickets.open_children(tx, ticket.id) if action is Action.CONFIRM else []
    if open_tasks:
        raise Conflict(f"sub-tasks are open: {', '.join(f'#{n}' for n in open_tasks)}")
    await hands.move(tx, ticket.id, action, note, by, now)


async def _change(tx: Tx, t: Ticket, change: BulkChange, note: str, hands: Hands, by: By, now: datetime) -> None:
    if change.do is Doing.TAG:
        wanted = TicketChange(tags=policy.tagged(t.tags, change))
        same = wanted.tags == t.tags
    elif change.do is Doing.PRIORITY:
        assert change.priority is not None
        wanted, same = TicketChange(priority=change.priority), change.priority == t.priority
    else:
        assert change.type is not None
        types, same = hands.types(), change.type == t.type
        kind = types.check(change.type, kept=t.type)
        wanted = TicketChange(type=kind, priority=types.raised(kind, t.priority))
    if not same:
        await tickets.change_ticket(tx, t, wanted, expected=t.version, text=note, by=by, now=now)


async def _take_back(tx: Tx, told: BulkJob, ticket: Ticket, hands: Hands, by: By, now: datetime) -> None:
    assert told.undoes is not None
    first = await store.job(tx, told.undoes)
    kept = await store.item(tx, told.undoes, ticket.id)
    before = kept.before or {}
    if kept.version != ticket.version:
        raise Conflict("somebody changed it since")
    if first.change.do is Doing.MOVE:
        await hands.move(tx, ticket.id, policy.way_back(ticket.status, Status(before["status"])), told.note, by, now)
    elif first.change.do is Doing.ASSIGN:
        agent, team = _id(before["agent_id"]), _id(before["team_id"])
        if agent is None and team is None:
            raise Conflict("it was nobody's before")
        await hands.assign(tx, ticket.id, Place(agent, None if agent else team), told.note, by, now)
    else:
        wanted = TicketChange(priority=before["priority"], type=before["type"], tags=before["tags"])
        if (ticket.priority, ticket.type, ticket.tags) != (wanted.priority, wanted.type, wanted.tags):
            await tickets.change_ticket(tx, ticket, wanted, expected=ticket.version, text=told.note, by=by, now=now)


def _id(value: object) -> UUID | None:
    return UUID(str(value)) if value else None


async def _finish(tx: Tx, told: BulkJob, now: datetime) -> None:
    """Another worker may still have the last ticket: then that one finishes."""
    if not await store.waiting(tx, told.id) and await store.finish(tx, told.id, now):
        facts = {"do": told.change.do, "done": told.done, "failed": told.failed}
        await _tell(tx, "bulk.ended", told.id, told.agent_id, now, facts)


async def _tell(tx: Tx, kind: str, job_id: UUID, agent_id: UUID, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=job_id, subject_version=1 if kind == "bulk.started" else 2, at=now,
        actor=f"agent:{agent_id}", agent_id=agent_id, data=facts,
    )])  # fmt: skip
