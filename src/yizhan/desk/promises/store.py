"""What is read to know whom a promise concerns."""

from __future__ import annotations

from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)


class Place(msgspec.Struct, frozen=True):
    """The ticket as it stands now, for the one it was merged into; `inbox_id` is that of its newest conversation."""

    asked: UUID
    id: UUID
    version: int
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID
    status: str
    inbox_id: UUID | None
    leads: list[UUID]


async def place(tx: Tx, ticket_id: UUID) -> Place:
    row = await tx.fetchrow(SQL.places, [ticket_id])
    if row is None:
        raise NotFound(f"ticket {ticket_id}")
    return Place(*row.values())
