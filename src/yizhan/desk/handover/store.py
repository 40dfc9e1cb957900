"""All SQL of hand-over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.handover.model import Left, Received
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.ids import new_id

SQL = load_queries(__package__)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    shift_id: UUID | None
    from_agent: UUID
    how: str
    note: str
    to_agent: UUID | None = None
    to_team: UUID | None = None
    ticket_id: UUID | None = None
    conversation_id: UUID | None = None


async def live_of_agent(tx: Tx, agent_id: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.live_of_agent, agent_id)]


async def due_of_agent(tx: Tx, agent_id: UUID, before: datetime, now: datetime) -> list[Left]:
    rows = await tx.fetch(SQL.due_of_agent, agent_id, before, now)
    return [msgspec.convert(dict(row), Left) for row in rows]


async def held_by_absent(tx: Tx, agent_id: UUID, until: datetime, *, everything: bool) -> list[Left]:
    """In the order of their ids, in which tickets are locked."""
    rows = await tx.fetch(SQL.held_by_absent, agent_id, until, everything)
    return [msgspec.convert(dict(row), Left) for row in rows]


async def holds_any(tx: Tx, agent_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.holds_any, agent_id))


async def add_item(tx: Tx, i: Item, now: datetime) -> None:
    await tx.execute(
        SQL.add_item, new_id(now), i.shift_id, i.from_agent, i.to_agent, i.to_team, i.ticket_id, i.conversation_id,
        i.how, i.note, now,
    )  # fmt: skip


async def kept(tx: Tx, agent_id: UUID, since: datetime) -> set[UUID]:
    return {row["conversation_id"] for row in await tx.fetch(SQL.kept, agent_id, since)}


async def received(tx: Tx, agent_id: UUID, since: datetime) -> list[Received]:
    return [msgspec.convert(dict(row), Received) for row in await tx.fetch(SQL.received, agent_id, since)]


async def see(tx: Tx, agent_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.see, agent_id, now)


async def teams_of(tx: Tx, agent_id: UUID) -> list[UUID]:
    return [row["team_id"] for row in await tx.fetch(SQL.teams_of, agent_id)]
