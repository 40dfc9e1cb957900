"""All SQL of measures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.supervision.model import Ending, Measure, MeasureKind
from yizhan.foundation.db import Record, Tx, UniqueViolation, load_queries
from yizhan.foundation.errors import Conflict, NotFound

SQL = load_queries(__package__)


async def add(tx: Tx, m: Measure) -> None:
    try:
        async with tx.transaction():
            await tx.execute(
                SQL.add, m.id, m.kind, m.team_id, m.agent_id, m.text, m.cap_before, m.cap_after, m.by_agent,
                m.began_at, m.until_at,
            )  # fmt: skip
    except UniqueViolation:
        raise Conflict("this is in force already") from None


async def lock(tx: Tx, measure_id: UUID) -> Measure:
    row = await tx.fetchrow(SQL.lock, measure_id)
    if row is None:
        raise NotFound(f"measure {measure_id}")
    return _measure(row)


async def running(tx: Tx) -> list[Measure]:
    return [_measure(row) for row in await tx.fetch(SQL.running)]


async def finish(tx: Tx, measure_id: UUID, now: datetime, why: Ending) -> None:
    await tx.execute(SQL.finish, measure_id, now, why)


async def inboxes_of(tx: Tx, team_id: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.inboxes_of, team_id)]


async def unnoticed(tx: Tx, team_id: UUID, client_id: str, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.unnoticed, team_id, client_id, count)]


async def held_by(tx: Tx, agent_id: UUID, *, waiting: bool) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.held_by, agent_id, waiting)]


def _measure(row: Record) -> Measure:
    fields = dict(row)
    return Measure(**{**fields, "kind": MeasureKind(fields["kind"])})
