"""All SQL of quick replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from yizhan.desk.quick_replies.model import OwnReply
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


async def own_of(tx: Tx, agent_id: UUID) -> list[OwnReply]:
    return [OwnReply(*row.values()) for row in await tx.fetch(SQL.own_of, agent_id)]


async def keep(tx: Tx, id: UUID, agent_id: UUID, title: str, text: str, types: Sequence[str]) -> None:
    await tx.execute(SQL.keep, id, agent_id, title, text, types)


async def change(
    tx: Tx, id: UUID, agent_id: UUID, title: str, text: str, types: Sequence[str], expected: int
) -> int | None:
    """The new version; None when there is no such one of his at this version."""
    found: int | None = await tx.fetchval(SQL.change, id, agent_id, title, text, types, expected)
    return found


async def drop(tx: Tx, id: UUID, agent_id: UUID) -> bool:
    return await tx.fetchval(SQL.drop, id, agent_id) is not None


async def count(tx: Tx, reply: str, agent_id: UUID, day: date) -> None:
    await tx.execute(SQL.count, reply, agent_id, day)


async def uses(tx: Tx, agent_id: UUID, since: date) -> dict[str, tuple[int, int]]:
    """By reply: everybody's, and his."""
    return {row["reply"]: (row["times"], row["mine"]) for row in await tx.fetch(SQL.uses, agent_id, since)}
