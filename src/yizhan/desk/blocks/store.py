"""What the blacklist reads of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.records.agents import Scope as ViewScope
from yizhan.records.agents import Viewer
from yizhan.records.blocks import Block

SQL = load_queries(__package__)


class Reported(msgspec.Struct, frozen=True):
    id: UUID
    conversation_id: UUID
    identity_id: UUID
    contact_id: UUID
    direction: str
    brand_id: UUID
    team_id: UUID | None
    phase: str
    locale: str | None


class Limited(msgspec.Struct, frozen=True):
    """An identity that is turned away, by which block, and when it was last told."""

    identity_id: UUID
    block_id: UUID
    told_at: datetime | None
    made_at: datetime


class Said(msgspec.Struct, frozen=True):
    message_id: UUID
    conversation_id: UUID
    identity_id: UUID
    text: str
    ticket_id: UUID | None
    locale: str | None
    ordered: bool
    crisis: bool


class BlockRow(msgspec.Struct, frozen=True):
    """A block as it is listed, with the words that led to it."""

    block: Block
    contact_name: str
    masked: str
    ticket_id: UUID | None
    words: str
    made_by_name: str


async def reported(tx: Tx, message_id: UUID) -> Reported | None:
    row = await tx.fetchrow(SQL.reported, message_id)
    return Reported(*row.values()) if row else None


async def last_visit(tx: Tx, identity_id: UUID) -> tuple[str, str] | None:
    """Address, which is coarse, and browser."""
    row = await tx.fetchrow(SQL.last_visit, identity_id)
    return (row["ip"], row["browser"] or "") if row and row["ip"] else None


async def in_force(tx: Tx, identities: Collection[str], now: datetime) -> dict[UUID, Limited]:
    """Which of these are limited; they are ids as the journal writes them, for nearly always none is."""
    rows = await tx.fetch(SQL.in_force, list(identities), now)
    return {row["identity_id"]: Limited(*row.values()) for row in rows}


async def in_other_threads(tx: Tx, identities: Collection[UUID], now: datetime) -> dict[UUID, Limited]:
    """Which of these are somebody who is limited on the same platform, below another post or as himself."""
    rows = await tx.fetch(SQL.in_other_threads, list(identities), now)
    return {row["identity_id"]: Limited(*row.values()) for row in rows}


async def said(tx: Tx, messages: Sequence[UUID]) -> list[Said]:
    return [Said(*row.values()) for row in await tx.fetch(SQL.said, list(messages))]


async def born_now(tx: Tx, tickets: Collection[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.born_now, list(tickets))]


async def due_for_review(tx: Tx, before: datetime, now: datetime) -> int:
    return int(await tx.fetchval(SQL.due_for_review, before, now))


async def listed(
    tx: Tx, viewer: Viewer, *, state: str, now: datetime, review_before: datetime, contact_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None, count: int = 50,
) -> list[BlockRow]:  # fmt: skip
    brands = viewer.brand_ids if viewer.scope is ViewScope.BRAND else ()
    rows = await tx.fetch(
        SQL.listed, viewer.scope is ViewScope.ALL, list(brands), list(viewer.team_ids), state, now, review_before,
        contact_id, after[0] if after else None, after[1] if after else None, count,
    )  # fmt: skip
    return [_row(row) for row in rows]


def _row(row: Record) -> BlockRow:
    fields = {name: row[name] for name in Block.__struct_fields__}
    return BlockRow(
        msgspec.convert(fields, Block), row["contact_name"], row["masked"] or "", row["ticket_id"], row["words"] or "",
        row["made_by_name"] or "",
    )  # fmt: skip
