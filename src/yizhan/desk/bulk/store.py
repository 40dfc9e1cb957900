"""All SQL of bulk jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.bulk.model import BulkChange, BulkItem, BulkJob
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)
_LATEST = 20


async def add(
    tx: Tx, job_id: UUID, agent_id: UUID, change: BulkChange, note: str, tickets: Sequence[UUID], now: datetime,
    undoes: UUID | None = None,
) -> None:  # fmt: skip
    told = msgspec.to_builtins(change)
    await tx.execute(SQL.add, job_id, agent_id, told, note, len(tickets), undoes, now)
    await tx.execute(SQL.add_items, job_id, list(tickets))


async def job(tx: Tx, job_id: UUID, *, lock: bool = False) -> BulkJob:
    row = await tx.fetchrow(SQL.lock if lock else SQL.job, job_id)
    if row is None:
        raise NotFound(f"bulk job {job_id}")
    return _job(row)


async def jobs_of(tx: Tx, agent_id: UUID) -> list[BulkJob]:
    """The latest first."""
    return [_job(row) for row in await tx.fetch(SQL.jobs_of, agent_id, _LATEST)]


async def next_waiting(tx: Tx, job_id: UUID) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.next_waiting, job_id)
    return found


async def waiting(tx: Tx, job_id: UUID) -> int:
    return int(await tx.fetchval(SQL.waiting, job_id))


async def item(tx: Tx, job_id: UUID, ticket_id: UUID) -> BulkItem:
    row = await tx.fetchrow(SQL.item, job_id, ticket_id)
    if row is None:
        raise NotFound(f"ticket {ticket_id} in job {job_id}")
    return BulkItem(*row.values())


async def outcomes(tx: Tx, job_id: UUID, state: str | None = None) -> list[BulkItem]:
    return [BulkItem(*row.values()) for row in await tx.fetch(SQL.outcomes, job_id, state)]


async def settle_done(tx: Tx, job_id: UUID, ticket_id: UUID, before: dict[str, Any], version: int) -> None:
    await tx.execute(SQL.settle, job_id, ticket_id, "done", None, None, before, version)
    await tx.execute(SQL.count, job_id, 1, 0)


async def settle_failed(tx: Tx, job_id: UUID, ticket_id: UUID, code: str, detail: str) -> None:
    await tx.execute(SQL.settle, job_id, ticket_id, "failed", code, detail, None, None)
    await tx.execute(SQL.count, job_id, 0, 1)


async def finish(tx: Tx, job_id: UUID, now: datetime) -> bool:
    return await tx.fetchrow(SQL.finish, job_id, now) is not None


async def mark_undone(tx: Tx, job_id: UUID, by: UUID) -> bool:
    return await tx.fetchval(SQL.mark_undone, job_id, by) is not None


def _job(row: Record) -> BulkJob:
    return msgspec.convert(dict(row), BulkJob)
