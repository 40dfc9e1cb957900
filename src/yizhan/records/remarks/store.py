"""All SQL of remarks and of customers' tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.remarks.model import Remark

SQL = load_queries(__package__)


async def version(tx: Tx, contact_id: UUID) -> int:
    found: int | None = await tx.fetchval(SQL.version, contact_id)
    if found is None:
        raise NotFound(f"contact {contact_id}")
    return found


async def known_tags(tx: Tx, asked: str = "", count: int = 100) -> list[str]:
    return [row["tag"] for row in await tx.fetch(SQL.known_tags, asked.strip(), count)]


async def spelled(tx: Tx, tags: Sequence[str]) -> dict[str, str]:
    """As the house writes them, by their small letters."""
    rows = await tx.fetch(SQL.spelled, [tag.lower() for tag in tags]) if tags else []
    return {row["tag"].lower(): row["tag"] for row in rows}


async def add_known(tx: Tx, tags: Sequence[str], at: datetime, by: str) -> None:
    await tx.execute(SQL.add_known, tags, at, by)


async def tags_of(tx: Tx, contact_id: UUID) -> list[str]:
    """Of the whole person."""
    return [row["tag"] for row in await tx.fetch(SQL.tags_of, contact_id)]


async def give(tx: Tx, contact_id: UUID, tags: Sequence[str], at: datetime, by: str) -> None:
    await tx.execute(SQL.give, contact_id, tags, at, by)


async def take(tx: Tx, contact_id: UUID, tags: Sequence[str]) -> None:
    await tx.execute(SQL.take, contact_id, tags)


async def add_remark(tx: Tx, id: UUID, contact_id: UUID, text: str, pinned: bool, by: str) -> None:
    await tx.execute(SQL.add_remark, id, contact_id, text, pinned, by)


async def remark(tx: Tx, remark_id: UUID) -> Remark:
    row = await tx.fetchrow(SQL.remark, remark_id)
    if row is None:
        raise NotFound(f"remark {remark_id}")
    return Remark(*row.values())


async def pin(tx: Tx, remark_id: UUID, pinned: bool) -> UUID | None:
    contact: UUID | None = await tx.fetchval(SQL.pin, remark_id, pinned)
    return contact


async def remove(tx: Tx, remark_id: UUID, at: datetime, by: str) -> UUID | None:
    contact: UUID | None = await tx.fetchval(SQL.remove, remark_id, at, by)
    return contact


async def pinned_of(tx: Tx, person_id: UUID, count: int = 20) -> list[Remark]:
    return [Remark(*row.values()) for row in await tx.fetch(SQL.pinned_of, person_id, count)]
