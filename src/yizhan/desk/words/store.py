"""The rows of replies that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.words.model import Held, HeldState
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Scope, Viewer

SQL = load_queries(__package__)


async def hold(tx: Tx, one: Held) -> Held:
    """As it is kept; one of the same request that is there already wins."""
    await tx.execute(
        SQL.hold, one.id, one.conversation_id, one.ticket_id, one.contact_id, one.brand_id, one.team_id, one.author,
        one.agent_id, one.text, one.attachments, one.client_id, one.solves, one.found, one.rules, one.created_at,
        one.kind, one.payload,
    )  # fmt: skip
    kept = await of_client(tx, one.conversation_id, one.author, one.client_id)
    assert kept is not None
    return kept


async def of_client(tx: Tx, conversation_id: UUID, author: str, client_id: str) -> Held | None:
    row = await tx.fetchrow(SQL.held_of_client, conversation_id, author, client_id)
    return _held(row) if row else None


async def lock(tx: Tx, id: UUID) -> Held:
    row = await tx.fetchrow(SQL.lock_held, id)
    if row is None:
        raise NotFound("no such reply")
    return _held(row)


async def held(tx: Tx, id: UUID) -> Held:
    row = await tx.fetchrow(SQL.held, id)
    if row is None:
        raise NotFound("no such reply")
    return _held(row)


async def decide(
    tx: Tx, id: UUID, state: HeldState, *, reason: str | None, by: str, now: datetime, message_id: UUID | None = None
) -> None:
    await tx.execute(SQL.decide, id, state.value, reason, by, now, message_id)


class WaitingReply(msgspec.Struct, frozen=True):
    """A reply that waits, with who wrote it and to whom."""

    held: Held
    author_name: str
    contact_name: str
    ticket_number: int | None


async def waiting(tx: Tx, viewer: Viewer, count: int) -> list[WaitingReply]:
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    rows = await tx.fetch(SQL.waiting, viewer.scope is Scope.ALL, list(brands), list(viewer.team_ids), count)
    return [
        WaitingReply(_held(row), row["author_name"] or "", row["contact_name"], row["ticket_number"]) for row in rows
    ]


async def of_conversations(tx: Tx, conversations: Sequence[UUID], since: datetime) -> list[Held]:
    return [_held(row) for row in await tx.fetch(SQL.held_of_conversations, list(conversations), since)]


async def place(tx: Tx, conversation_id: UUID) -> tuple[UUID, UUID | None]:
    """Inbox and team."""
    row = await tx.fetchrow(SQL.place, conversation_id)
    if row is None:
        raise NotFound("no such conversation")
    return row["inbox_id"], row["team_id"]


def _held(row: Record) -> Held:
    return msgspec.convert({name: row[name] for name in Held.__struct_fields__}, Held)
