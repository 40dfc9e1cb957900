"""What is read to tell a customer where his ticket is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.progress.model import Progress, Reach, Reached, Step
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)
_SHOWN = 10


async def reach(tx: Tx, ticket_id: UUID) -> Reach | None:
    row = await tx.fetchrow(SQL.reach, ticket_id)
    return Reach(*row.values()) if row is not None else None


async def was_told(tx: Tx, ticket_id: UUID, mark: str) -> bool:
    return bool(await tx.fetchval(SQL.was_told, ticket_id, mark))


async def progress_of(tx: Tx, tickets: Sequence[UUID]) -> list[Progress]:
    """Newest first."""
    rows = await tx.fetch(SQL.of_tickets, list(tickets)) if tickets else []
    return [
        Progress(
            r["id"], r["number"], r["subject"], r["status"], r["created_at"], r["next_follow_up"], r["chases"],
            sorted((Reached(step, r[step.value]) for step in Step if r[step.value] is not None), key=lambda s: s.at),
        )
        for r in rows
    ]  # fmt: skip


async def progress_of_visitor(tx: Tx, identities: Sequence[UUID]) -> list[Progress]:
    """Decided by identity, never by person: only tickets in which these themselves have a conversation."""
    rows = await tx.fetch(SQL.of_identities, list(identities), _SHOWN) if identities else []
    return await progress_of(tx, [row["id"] for row in rows])


async def ticket_called(tx: Tx, number: int) -> UUID | None:
    """By what customers call it; one that was merged is the ticket it went into."""
    found: UUID | None = await tx.fetchval(SQL.numbered, number)
    return found


async def owned_by(tx: Tx, identities: Sequence[UUID], number: int) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.of_number, list(identities), number) if identities else None
    return found
