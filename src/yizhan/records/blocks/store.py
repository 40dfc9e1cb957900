"""The rows of blocks and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.blocks.model import Block, Warning

SQL = load_queries(__package__)


async def warn(tx: Tx, one: Warning) -> bool:
    """False where this message was warned about before."""
    made = await tx.fetchval(
        SQL.warn, one.id, one.identity_id, one.contact_id, one.conversation_id, one.message_id, one.reason.value,
        one.actor, one.at,
    )  # fmt: skip
    return made is not None


async def warned_since(tx: Tx, identity_id: UUID, since: datetime) -> int:
    return int(await tx.fetchval(SQL.warned_since, identity_id, since))


async def add(tx: Tx, one: Block) -> None:
    await tx.execute(SQL.end_standing, one.scope.value, one.subject, one.made_at, one.made_by)
    await tx.execute(
        SQL.add, one.id, one.scope.value, one.subject, one.identity_id, one.contact_id, one.brand_id, one.team_id,
        one.conversation_id, one.message_id, one.reason.value, one.note, one.until, one.made_by, one.made_at,
    )  # fmt: skip


async def lock(tx: Tx, id: UUID) -> Block:
    row = await tx.fetchrow(SQL.lock, id)
    if row is None:
        raise NotFound("no such block")
    return msgspec.convert(dict(row), Block)


async def lift(tx: Tx, id: UUID, now: datetime, by: str) -> None:
    await tx.execute(SQL.lift, id, now, by)


async def review(tx: Tx, id: UUID, now: datetime, by: str) -> None:
    await tx.execute(SQL.review, id, now, by)


async def turned_away(tx: Tx, counts: Mapping[UUID, int], told: set[UUID], now: datetime) -> None:
    ids = sorted(counts)
    await tx.execute(SQL.turned_away, ids, [counts[id] for id in ids], now, [id in told for id in ids])
