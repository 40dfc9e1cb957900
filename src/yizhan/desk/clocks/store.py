"""What the clocks read; they write through the verbs of conversations and tickets."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from yizhan.desk.clocks.model import Pending, Queued, Silent
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


async def silent(tx: Tx, ids: Iterable[UUID]) -> list[Silent]:
    return [msgspec.convert(dict(row), Silent) for row in await tx.fetch(SQL.silent, sorted(set(ids)))]


async def queued(tx: Tx, ids: Iterable[UUID]) -> list[Queued]:
    return [msgspec.convert(dict(row), Queued) for row in await tx.fetch(SQL.queued, sorted(set(ids)))]


async def pending(tx: Tx, ids: Iterable[UUID]) -> list[Pending]:
    return [msgspec.convert(dict(row), Pending) for row in await tx.fetch(SQL.pending, sorted(set(ids)))]


async def closed(tx: Tx, ids: Iterable[UUID]) -> set[UUID]:
    return {row["id"] for row in await tx.fetch(SQL.closed, list(ids))}


async def locale(tx: Tx, contact_id: UUID) -> str | None:
    found: str | None = await tx.fetchval(SQL.locale, contact_id)
    return found


async def place(tx: Tx, conversation_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Its inbox and team."""
    row = await tx.fetchrow(SQL.place, conversation_id)
    return (row["inbox_id"], row["team_id"]) if row else (None, None)
