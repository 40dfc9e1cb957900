"""What is read to ask for a rating, and to follow a low one up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.satisfaction.policy import Spell
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class Place(msgspec.Struct, frozen=True):
    """Those who may ask what went wrong, the best first in each list."""

    ticket_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    leads: list[UUID]
    others: list[UUID]
    supervisors: list[UUID]


async def spells(tx: Tx, conversations: Sequence[UUID], now: datetime) -> list[Spell]:
    """As they stand once nobody else decides about the same persons; held until the transaction ends."""
    await tx.fetch(SQL.hold_persons, list(conversations))
    rows = await tx.fetch(SQL.spells, list(conversations), now)
    return [msgspec.convert(dict(row), Spell) for row in rows]


async def turns(tx: Tx, conversation_id: UUID) -> list[tuple[UUID, int]]:
    return [(row["agent_id"], row["turns"]) for row in await tx.fetch(SQL.turns, conversation_id)]


async def place(tx: Tx, conversation_id: UUID) -> Place:
    row = await tx.fetchrow(SQL.place, conversation_id)
    assert row is not None, "a rated conversation is there"
    return Place(*row.values())
