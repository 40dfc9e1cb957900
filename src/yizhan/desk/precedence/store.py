"""All SQL of the walk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.precedence.model import Believing
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)


async def add(tx: Tx, id: UUID, digest: str, now: datetime) -> None:
    await tx.execute(SQL.give_up_others, id, now)
    await tx.execute(SQL.add, id, digest, now)


async def lock(tx: Tx, id: UUID) -> Believing:
    row = await tx.fetchrow(SQL.lock, id)
    if row is None:
        raise NotFound(f"rewrite {id}")
    return Believing(*row.values())


async def latest(tx: Tx) -> Believing | None:
    row = await tx.fetchrow(SQL.latest)
    return Believing(*row.values()) if row else None


async def told_of(tx: Tx, after: UUID, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.told_of, after, count)]


async def advance(tx: Tx, id: UUID, after: UUID, done: int, changed: int) -> None:
    await tx.execute(SQL.advance, id, after, done, changed)


async def finish(tx: Tx, id: UUID, now: datetime) -> None:
    await tx.execute(SQL.finish, id, now)
