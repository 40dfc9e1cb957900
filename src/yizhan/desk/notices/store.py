"""The rows of notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.notices.model import NewNotice, NoticeKind, NoticeQuiet, NoticeRow
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)

_AT_ONCE = 5_000


async def keep(tx: Tx, notices: Sequence[NewNotice]) -> list[tuple[UUID, UUID, int]]:
    """(notice, agent, version) of each its reader is told of. No two may be of one agent and topic."""
    rows = await tx.fetch(SQL.keep, notices) if notices else []
    return [(row["id"], row["agent_id"], row["version"]) for row in rows]


async def mutes(tx: Tx, agent_id: UUID) -> list[str]:
    return [row["why"] for row in await tx.fetch(SQL.mutes, agent_id)]


async def mute(tx: Tx, agent_id: UUID, why: str, most: int) -> None:
    await tx.execute(SQL.mute, agent_id, why, most)


async def unmute(tx: Tx, agent_id: UUID, why: str) -> None:
    await tx.execute(SQL.unmute, agent_id, why)


async def page(
    tx: Tx, agent_id: UUID, *, unread: bool, before: tuple[datetime, UUID] | None, count: int, kind: str | None
) -> list[NoticeRow]:
    at, id = before or (None, None)
    return [_row(row) for row in await tx.fetch(SQL.page, agent_id, unread, at, id, count, kind)]


async def kinds(tx: Tx, agent_id: UUID) -> list[NoticeKind]:
    return [NoticeKind(row["kind"], row["count"], row["unread"]) for row in await tx.fetch(SQL.kinds, agent_id)]


async def quiet(tx: Tx, agents: Iterable[UUID]) -> dict[UUID, NoticeQuiet]:
    rows = await tx.fetch(SQL.quiet, list(agents))
    return {row["agent_id"]: NoticeQuiet(row["start_at"], row["end_at"], row["tz"]) for row in rows}


async def set_quiet(tx: Tx, agent_id: UUID, quiet: NoticeQuiet | None) -> None:
    if quiet is None:
        await tx.execute(SQL.end_quiet, agent_id)
    else:
        await tx.execute(SQL.set_quiet, agent_id, quiet.start, quiet.end, quiet.tz)


async def raised_at(tx: Tx, notice_id: UUID, agent_id: UUID) -> datetime | None:
    at: datetime | None = await tx.fetchval(SQL.raised_at, notice_id, agent_id)
    return at


async def rows(tx: Tx, ids: Iterable[UUID]) -> list[tuple[UUID, NoticeRow]]:
    """With whose they are."""
    return [(row["agent_id"], _row(row)) for row in await tx.fetch(SQL.rows, list(ids))]


async def unread_of(tx: Tx, agents: Iterable[UUID]) -> dict[UUID, int]:
    wanted = list(agents)
    found = {row["agent_id"]: row["unread"] for row in await tx.fetch(SQL.unread_of, wanted)}
    return {agent: found.get(agent, 0) for agent in wanted}


async def read_some(tx: Tx, agent_id: UUID, ids: Sequence[UUID], now: datetime) -> int:
    return len(await tx.fetch(SQL.read_some, agent_id, list(ids), now))


async def read_all(tx: Tx, agent_id: UUID, now: datetime, kind: str | None) -> int:
    return len(await tx.fetch(SQL.read_all, agent_id, now, kind))


async def calls(tx: Tx, agent_id: UUID, since: datetime) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.calls, agent_id, since)]


async def rings(tx: Tx, topic: str, since: datetime, ticket_id: UUID | None) -> bool:
    return bool(await tx.fetchval(SQL.rings, topic, since, ticket_id))


async def acknowledged_at(tx: Tx, topic: str, since: datetime) -> datetime | None:
    """When somebody said since then that he has a call, or it was seen to."""
    at: datetime | None = await tx.fetchval(SQL.acknowledged_at, topic, since)
    return at


async def call_of(tx: Tx, id: UUID, agent_id: UUID) -> tuple[str, str, UUID | None] | None:
    """(topic, why, ticket)"""
    row = await tx.fetchrow(SQL.call_of, id, agent_id)
    return (row["topic"], row["why"], row["ticket_id"]) if row else None


async def acknowledge(tx: Tx, topics: Iterable[str], agent_id: UUID | None, now: datetime) -> list[UUID]:
    """Whose they were."""
    return [row["agent_id"] for row in await tx.fetch(SQL.acknowledge, sorted(topics), agent_id, now)]


async def permitted(tx: Tx, permission: str) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.permitted, permission)]


async def forget_read(tx: Tx, before: datetime) -> int:
    return len(await tx.fetch(SQL.forget_read, before, _AT_ONCE))


def _row(row: Record) -> NoticeRow:
    return msgspec.convert({name: row[name] for name in NoticeRow.__struct_fields__}, NoticeRow)
