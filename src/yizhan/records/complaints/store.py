"""All SQL of complaints, their clocks and steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.complaints.model import Clock, ClockKind, ClosedBy, Complaint, Grade, LadderStep, Taken

SQL = load_queries(__package__)


async def lock_complaint(tx: Tx, complaint_id: UUID) -> Complaint:
    row = await tx.fetchrow(SQL.lock, complaint_id)
    if row is None:
        raise NotFound("there is no such complaint")
    return _complaint(row)


async def lock_of_ticket(tx: Tx, ticket_id: UUID) -> Complaint | None:
    row = await tx.fetchrow(SQL.lock_of_ticket, ticket_id)
    return _complaint(row) if row else None


async def ticket_of(tx: Tx, complaint_id: UUID) -> UUID:
    found: UUID | None = await tx.fetchval(SQL.ticket_of, complaint_id)
    if found is None:
        raise NotFound("there is no such complaint")
    return found


async def of_tickets(tx: Tx, ticket_ids: Collection[UUID]) -> list[Complaint]:
    return [_complaint(row) for row in await tx.fetch(SQL.of_tickets, list(ticket_ids))]


async def add(tx: Tx, new: Complaint) -> Complaint | None:
    """None where somebody was faster."""
    row = await tx.fetchrow(
        SQL.add, new.id, new.ticket_id, new.brand_id, new.contact_id, new.grade, new.causes, new.department,
        new.product, new.demands, new.frozen, new.rules, new.opened_at,
    )  # fmt: skip
    return _complaint(row) if row else None


async def change(tx: Tx, c: Complaint) -> Complaint:
    row = await tx.fetchrow(
        SQL.change, c.id, c.grade, c.causes, c.department, c.product, c.demands, c.remedy, c.frozen
    )  # fmt: skip
    return _found(row)


async def climb(tx: Tx, complaint_id: UUID, step: LadderStep, holder_id: UUID | None) -> Complaint:
    return _found(await tx.fetchrow(SQL.climb, complaint_id, step, holder_id))


async def close(tx: Tx, complaint_id: UUID, at: datetime, by: ClosedBy, why: str, message_id: UUID | None) -> Complaint:
    return _found(await tx.fetchrow(SQL.close, complaint_id, at, by, why, message_id))


async def reopen(tx: Tx, complaint_id: UUID, *, frozen: bool) -> Complaint:
    return _found(await tx.fetchrow(SQL.reopen, complaint_id, frozen))


async def put_clocks(tx: Tx, complaint_id: UUID, clocks: Sequence[Clock]) -> None:
    kinds, dues, warns = [c.kind for c in clocks], [c.due_at for c in clocks], [c.warn_at for c in clocks]
    await tx.execute(SQL.put_clocks, complaint_id, kinds, dues, warns)


async def restart_close(tx: Tx, complaint_id: UUID, clock: Clock) -> None:
    await tx.execute(SQL.restart_close, complaint_id, clock.due_at, clock.warn_at)


async def clocks_of(tx: Tx, complaint_ids: Collection[UUID]) -> dict[UUID, list[Clock]]:
    found: dict[UUID, list[Clock]] = {each: [] for each in complaint_ids}
    for row in await tx.fetch(SQL.clocks, list(complaint_ids)):
        found[row["complaint_id"]].append(msgspec.convert(dict(row), Clock))
    return found


async def meet(tx: Tx, complaint_id: UUID, kind: ClockKind, at: datetime) -> bool:
    return await tx.fetchval(SQL.meet, complaint_id, kind, at) is not None


async def warn(tx: Tx, complaint_id: UUID, kind: ClockKind, at: datetime) -> bool:
    return await tx.fetchval(SQL.warn, complaint_id, kind, at) is not None


async def breach(tx: Tx, complaint_id: UUID, kind: ClockKind, at: datetime) -> bool:
    return await tx.fetchval(SQL.breach, complaint_id, kind, at) is not None


async def add_step(tx: Tx, complaint_id: UUID, taken: Taken) -> None:
    await tx.execute(
        SQL.add_step, new_id(taken.at), complaint_id, taken.step, taken.agent_id, taken.actor, taken.reason, taken.at
    )


async def steps_of(tx: Tx, complaint_id: UUID) -> list[Taken]:
    return [msgspec.convert(dict(row), Taken) for row in await tx.fetch(SQL.steps, complaint_id)]


async def is_open(tx: Tx, ticket_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.open_of_ticket, ticket_id))


async def states_of(tx: Tx, ticket_ids: Collection[UUID]) -> dict[UUID, bool]:
    """Whether it is open, of those that have one."""
    rows = await tx.fetch(SQL.states_of, list(ticket_ids)) if ticket_ids else []
    return {row["ticket_id"]: row["open"] for row in rows}


async def is_frozen(tx: Tx, contact_id: UUID) -> bool:
    """Whether templates and everything automatic keep silent towards this person.

    Asked where something is said that nobody typed: notices of progress, the assistant, silence and farewell, the
    night, ratings, surveys. Quick replies 快捷回复 that agents choose do not exist in the product yet, so none are
    frozen: whoever brings them asks this before he offers one.
    """
    return bool(await tx.fetchval(SQL.frozen, contact_id))


async def same_product(tx: Tx, product: str, since: datetime) -> list[tuple[UUID, Grade]]:
    """(ticket, grade), one for each person."""
    return [(row["ticket_id"], Grade(row["grade"])) for row in await tx.fetch(SQL.same_product, product, since)]


def _found(row: Record | None) -> Complaint:
    assert row is not None, "its row is locked"
    return _complaint(row)


def _complaint(row: Record) -> Complaint:
    return msgspec.convert(dict(row), Complaint)
