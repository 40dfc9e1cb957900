"""All SQL of the conformance report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.standards.model import ConformanceRun, Count
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)


async def add_run(tx: Tx, id: UUID, by: str, now: datetime) -> bool:
    return await tx.fetchval(SQL.add_run, id, by, now) is not None


async def forget_others(tx: Tx, id: UUID) -> None:
    await tx.execute(SQL.forget_others, id)


async def run(tx: Tx, id: UUID, *, lock: bool = False) -> ConformanceRun:
    row = await tx.fetchrow(SQL.lock_run if lock else SQL.run, id)
    if row is None:
        raise NotFound(f"report {id}")
    return ConformanceRun(*row.values())


async def latest(tx: Tx) -> ConformanceRun | None:
    row = await tx.fetchrow(SQL.latest)
    return ConformanceRun(*row.values()) if row else None


async def advance(tx: Tx, id: UUID, after: UUID, done: int) -> None:
    await tx.execute(SQL.advance, id, after, done)


async def end_run(tx: Tx, id: UUID, state: str, now: datetime) -> bool:
    return await tx.fetchval(SQL.end_run, id, state, now) is not None


async def count(tx: Tx, id: UUID, counts: Sequence[Count]) -> None:
    await tx.execute(
        SQL.count, id, [c.field for c in counts], [c.source for c in counts], [c.problem for c in counts],
        [c.found for c in counts], [msgspec.Raw(msgspec.json.encode(c.examples)) for c in counts],
    )  # fmt: skip


async def counts(tx: Tx, id: UUID) -> list[Count]:
    return [msgspec.convert(dict(row), Count) for row in await tx.fetch(SQL.counts, id)]


async def contacts_after(tx: Tx, after: UUID, most: int) -> list[Record]:
    return list(await tx.fetch(SQL.contacts_after, after, most))


async def identities(tx: Tx, contacts: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.identities, contacts))
