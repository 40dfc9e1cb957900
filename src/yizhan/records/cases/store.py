"""All SQL of external cases, their replies, holds and packages of evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.cases.model import Case, Deadline, Hold, Package, Reply, ReplyState, Source

SQL = load_queries(__package__)


async def by_number(tx: Tx, source: Source, case_no: str) -> Case | None:
    row = await tx.fetchrow(SQL.by_number, source, case_no)
    return _case(row) if row else None


async def lock_case(tx: Tx, case_id: UUID) -> Case:
    return _case(_found(await tx.fetchrow(SQL.lock, case_id)))


async def case(tx: Tx, case_id: UUID) -> Case:
    return _case(_found(await tx.fetchrow(SQL.case_by_id, case_id)))


async def lock_two(tx: Tx, one: UUID, other: UUID) -> tuple[Case, Case]:
    found = {row["id"]: _case(row) for row in await tx.fetch(SQL.lock_two, one, other)}
    if len(found) != 2:
        raise NotFound("there is no such case")
    return found[one], found[other]


async def add(tx: Tx, case: Case) -> Case | None:
    row = await tx.fetchrow(
        SQL.add, case.id, case.source, case.case_no, case.contact_id, case.received_on, case.working_days,
        case.deadline_on, case.deadline_at, case.calendar, case.demands, case.actor, case.created_at,
    )  # fmt: skip
    return _case(row) if row else None


async def attach(tx: Tx, case_id: UUID, ticket_id: UUID, now: datetime) -> bool:
    return await tx.fetchval(SQL.attach, case_id, ticket_id, now) is not None


async def attach_all(tx: Tx, from_id: UUID, to_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.attach_all, from_id, to_id, now)


async def tickets_of(tx: Tx, case_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found = defaultdict[UUID, list[UUID]](list)
    for row in await tx.fetch(SQL.tickets_of, list(case_ids)):
        found[row["case_id"]].append(row["ticket_id"])
    return found


async def of_tickets(tx: Tx, ticket_ids: Collection[UUID]) -> list[Case]:
    return [_case(row) for row in await tx.fetch(SQL.of_tickets, list(ticket_ids))]


async def running(tx: Tx, count: int = 200) -> list[Case]:
    return [_case(row) for row in await tx.fetch(SQL.running, count)]


async def merge(tx: Tx, case_id: UUID, into: UUID) -> Case:
    return _case(_found(await tx.fetchrow(SQL.merge, case_id, into)))


async def set_deadline(tx: Tx, case_id: UUID, d: Deadline) -> Case:
    return _case(_found(await tx.fetchrow(SQL.nearer, case_id, d.working_days, d.on, d.at, d.calendar)))


async def answer(tx: Tx, case_id: UUID, now: datetime) -> Case:
    return _case(_found(await tx.fetchrow(SQL.answer, case_id, now)))


async def close(tx: Tx, case_id: UUID, now: datetime, result: str) -> Case:
    return _case(_found(await tx.fetchrow(SQL.close, case_id, now, result)))


async def warn(tx: Tx, case_id: UUID, now: datetime) -> Case | None:
    row = await tx.fetchrow(SQL.warn, case_id, now)
    return _case(row) if row else None


async def breach(tx: Tx, case_id: UUID, now: datetime) -> Case | None:
    row = await tx.fetchrow(SQL.breach, case_id, now)
    return _case(row) if row else None


async def replies_of(tx: Tx, case_ids: Collection[UUID]) -> dict[UUID, list[Reply]]:
    """Every version, the newest first."""
    found = defaultdict[UUID, list[Reply]](list)
    for row in await tx.fetch(SQL.replies, list(case_ids)):
        found[row["case_id"]].append(_reply(row))
    return found


async def add_reply(tx: Tx, case_id: UUID, text: str, author: UUID, now: datetime) -> Reply:
    await tx.execute(SQL.replace_submitted, case_id)
    return _reply(_found(await tx.fetchrow(SQL.add_reply, new_id(now), case_id, text, author, now)))


async def lock_reply(tx: Tx, reply_id: UUID) -> tuple[Case, Reply]:
    case_id = await tx.fetchval(SQL.case_of_reply, reply_id)
    if case_id is None:
        raise NotFound("there is no such reply")
    case = await lock_case(tx, case_id)
    return case, _reply(_found(await tx.fetchrow(SQL.reply, reply_id)))


async def decide_reply(tx: Tx, id: UUID, state: ReplyState, by: UUID, now: datetime, decision: str) -> Reply:
    return _reply(_found(await tx.fetchrow(SQL.decide_reply, id, state, by, now, decision)))


async def submitted(tx: Tx) -> list[Reply]:
    return [_reply(row) for row in await tx.fetch(SQL.submitted)]


async def add_hold(tx: Tx, contact_id: UUID, case_id: UUID | None, reason: str, actor: str, now: datetime) -> Hold:
    return _hold(_found(await tx.fetchrow(SQL.add_hold, new_id(now), contact_id, case_id, reason, actor, now)))


async def holds(tx: Tx, contact_id: UUID) -> list[Hold]:
    """On the person behind the contact, released ones too; the newest first."""
    return [_hold(row) for row in await tx.fetch(SQL.holds, contact_id)]


async def is_held(tx: Tx, contact_id: UUID) -> bool:
    """Ask before anything of a person is erased."""
    return bool(await tx.fetchval(SQL.is_held, contact_id))


async def release_hold(tx: Tx, hold_id: UUID, now: datetime, by: str, why: str) -> Hold | None:
    row = await tx.fetchrow(SQL.release_hold, hold_id, now, by, why)
    return _hold(row) if row else None


async def add_package(tx: Tx, p: Package) -> Package:
    row = await tx.fetchrow(
        SQL.add_package, p.id, p.ticket_id, p.case_id, p.blob, p.sha256, p.size, p.files, p.actor, p.at
    )
    return msgspec.convert(dict(_found(row)), Package)


async def packages(tx: Tx, ticket_ids: Collection[UUID]) -> list[Package]:
    return [msgspec.convert(dict(row), Package) for row in await tx.fetch(SQL.packages, list(ticket_ids))]


async def package(tx: Tx, package_id: UUID) -> Package:
    return msgspec.convert(dict(_found(await tx.fetchrow(SQL.package_by_id, package_id))), Package)


def _found(row: Record | None) -> Record:
    if row is None:
        raise NotFound("there is no such case")
    return row


def _case(row: Record) -> Case:
    return msgspec.convert(dict(row), Case)


def _reply(row: Record) -> Reply:
    return msgspec.convert(dict(row), Reply)


def _hold(row: Record) -> Hold:
    return msgspec.convert(dict(row), Hold)
