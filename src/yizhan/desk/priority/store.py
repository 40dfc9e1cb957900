"""The rows of decisions, and what is read for promotions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.priority.model import Record, Why
from yizhan.foundation.db import Tx, load_queries
from yizhan.records.agents import Scope, Viewer

SQL = load_queries(__package__)


class Waits(msgspec.Struct, frozen=True):
    waiting_since: datetime | None
    priority: int
    status: str
    team_id: UUID | None
    inbox_id: UUID | None


class Standing(msgspec.Struct, frozen=True):
    """The last decision about a ticket, if any, and whether a person changed its priority since it came."""

    by_hand: bool
    why: Why | None = None
    after: int | None = None


async def add_decisions(tx: Tx, records: Sequence[Record], now: datetime) -> None:
    if records:
        await tx.execute(
            SQL.add_decisions, [r.id for r in records], [r.ticket_id for r in records], now,
            [r.why.value for r in records], [r.before for r in records], [r.after for r in records],
            [{"rules": msgspec.to_builtins(r.matched)} for r in records], [r.source for r in records],
        )  # fmt: skip


async def decisions_of(tx: Tx, ticket_id: UUID) -> list[Record]:
    return [msgspec.convert(dict(row), Record) for row in await tx.fetch(SQL.decisions_of, ticket_id)]


async def waits(tx: Tx, ticket_id: UUID) -> Waits | None:
    row = await tx.fetchrow(SQL.waits, ticket_id)
    return Waits(*row.values()) if row else None


async def all_waits(tx: Tx, ticket_ids: Sequence[UUID]) -> dict[UUID, Waits]:
    """Of those that are not merged into others."""
    rows = await tx.fetch(SQL.all_waits, list(ticket_ids))
    return {row["id"]: Waits(*list(row.values())[1:]) for row in rows}


async def open_tickets(tx: Tx, viewer: Viewer, count: int) -> list[UUID]:
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    rows = await tx.fetch(SQL.open_tickets, viewer.scope is Scope.ALL, list(brands), list(viewer.team_ids), count)
    return [row["id"] for row in rows]


async def waiting_tickets(tx: Tx, after: UUID | None, count: int) -> list[UUID]:
    """What waits for somebody, or for an answer; in the order of ids behind `after`."""
    return [row["id"] for row in await tx.fetch(SQL.waiting_tickets, after or UUID(int=0), count)]


async def standings(tx: Tx, ticket_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    rows = await tx.fetch(SQL.standings, list(ticket_ids))
    return {
        row["id"]: Standing(row["by_hand"], Why(row["why"]) if row["why"] else None, row["after"]) for row in rows
    }  # fmt: skip
