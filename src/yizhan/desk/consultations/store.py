"""What is read to know whom a consultation concerns."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)


async def leads(tx: Tx, team_id: UUID | None) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.leads, team_id)] if team_id else []


async def people(tx: Tx, agents: Collection[UUID], teams: Collection[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.people, list(agents), list(teams))]


async def all_known(tx: Tx, agents: Collection[UUID], teams: Collection[UUID]) -> tuple[bool, bool]:
    row = await tx.fetchrow(SQL.known, list(agents), list(teams))
    assert row is not None
    return row["agents"] == len(set(agents)), row["teams"] == len(set(teams))


async def ticket_of(tx: Tx, consultation_id: UUID) -> UUID:
    found: UUID | None = await tx.fetchval(SQL.ticket_of, consultation_id)
    if found is None:
        raise NotFound(f"consultation {consultation_id}")
    return found


async def running(tx: Tx, ticket_id: UUID) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.running, ticket_id)
    return found
