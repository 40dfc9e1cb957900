"""All SQL of the roster at work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class InLine(msgspec.Struct, frozen=True):
    agent_id: UUID
    name: str
    reason: str
    since: datetime
    offered_at: datetime | None


class Resting(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    reason: str | None
    since: datetime


class Place(msgspec.Struct, frozen=True):
    team_id: UUID
    reason: str
    since: datetime
    offered_at: datetime | None


class Waits(msgspec.Struct, frozen=True):
    """A live conversation for which nobody is there."""

    id: UUID
    team_id: UUID
    inbox_id: UUID


class Call(msgspec.Struct, frozen=True):
    id: UUID
    team_id: UUID
    conversation_id: UUID
    called: list[UUID]
    called_at: datetime
    answered_at: datetime | None


async def hold_breaks(tx: Tx) -> None:
    await tx.execute(SQL.hold_breaks)


async def teams_of(tx: Tx, agent_id: UUID) -> list[UUID]:
    return [row["team_id"] for row in await tx.fetch(SQL.teams_of, agent_id)]


async def on_break(tx: Tx, team_id: UUID, beside: UUID) -> list[Resting]:
    return [msgspec.convert(dict(row), Resting) for row in await tx.fetch(SQL.on_break, team_id, beside)]


async def line(tx: Tx, team_id: UUID) -> list[InLine]:
    return [msgspec.convert(dict(row), InLine) for row in await tx.fetch(SQL.line, team_id)]


async def place_in_line(tx: Tx, agent_id: UUID) -> Place | None:
    row = await tx.fetchrow(SQL.place_in_line, agent_id)
    return msgspec.convert(dict(row), Place) if row else None


async def join_line(tx: Tx, agent_id: UUID, team_id: UUID, reason: str, now: datetime) -> None:
    await tx.execute(SQL.join_line, agent_id, team_id, reason, now)


async def leave_line(tx: Tx, agent_id: UUID) -> UUID | None:
    team: UUID | None = await tx.fetchval(SQL.leave_line, agent_id)
    return team


async def offer_break(tx: Tx, agent_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.offer_break, agent_id, now)


async def dark_teams(tx: Tx, lost_since: datetime, among: Collection[UUID] = ()) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.dark_teams, list(among), lost_since)]


async def waiting_among(tx: Tx, teams: Collection[UUID], most: int) -> list[Waits]:
    return [msgspec.convert(dict(row), Waits) for row in await tx.fetch(SQL.waiting_among, list(teams), most)]


async def at_stake(tx: Tx, conversation_id: UUID) -> tuple[UUID | None, bool] | None:
    """Its ticket, and whether it is a matter of safety."""
    row = await tx.fetchrow(SQL.at_stake, conversation_id)
    return (row["ticket_id"], row["safety"]) if row else None


async def still_waiting(tx: Tx, team_id: UUID) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.still_waiting, team_id)
    return found


async def locale(tx: Tx, conversation_id: UUID) -> str | None:
    found: str | None = await tx.fetchval(SQL.locale, conversation_id)
    return found


async def leads(tx: Tx, team_id: UUID) -> list[UUID]:
    return [row["agent_id"] for row in await tx.fetch(SQL.leads, team_id)]


async def supervisors(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.supervisors)]


async def add_call(
    tx: Tx, call_id: UUID, team_id: UUID, conversation_id: UUID, called: Sequence[UUID], now: datetime
) -> bool:
    """False when somebody was called for this team meanwhile."""
    return await tx.fetchval(SQL.add_call, call_id, team_id, conversation_id, list(called), now) is not None


async def lock_call(tx: Tx, call_id: UUID) -> Call | None:
    row = await tx.fetchrow(SQL.lock_call, call_id)
    return msgspec.convert(dict(row), Call) if row else None


async def call_more(tx: Tx, call_id: UUID, agent_id: UUID) -> None:
    await tx.execute(SQL.call_more, call_id, agent_id)


async def answer_calls(tx: Tx, teams: Collection[UUID], agent_id: UUID, now: datetime) -> list[Call]:
    rows = await tx.fetch(SQL.answer_calls, list(teams), agent_id, now)
    return [Call(r["id"], r["team_id"], r["conversation_id"], [agent_id], r["called_at"], now) for r in rows]


async def end_call(tx: Tx, call_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.end_call, call_id, now)
