"""All SQL of drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx, load_queries
from yizhan.records.drafts.model import DraftDevice, Sealed

SQL = load_queries(__package__)
_AT_ONCE = 5_000


async def draft(tx: Tx, agent_id: UUID, conversation_id: UUID) -> Sealed | None:
    row = await tx.fetchrow(SQL.draft, agent_id, conversation_id)
    return Sealed(**{**row, "device": DraftDevice(row["device"])}) if row else None


async def put(tx: Tx, agent_id: UUID, conversation_id: UUID, of: Sealed, base: UUID | None) -> bool:
    """False where another lies there than `base`, the one its writer's device has seen."""
    found = await tx.fetchval(
        SQL.keep, agent_id, conversation_id, of.contact_id, of.note, of.sealed, of.version, of.device, of.at, base
    )
    return found is not None


async def drop(tx: Tx, agent_id: UUID, conversation_id: UUID, base: UUID | None) -> None:
    await tx.execute(SQL.drop, agent_id, conversation_id, base)


async def forget(tx: Tx, before: datetime) -> int:
    return len(await tx.fetch(SQL.forget, before, _AT_ONCE))
