"""The rows of turns, and what the assistant reads of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.reception.model import Heard, Opening, Turn
from yizhan.foundation.db import Tx, load_queries
from yizhan.records.agents import Scope, Viewer
from yizhan.records.conversations import Conversation

SQL = load_queries(__package__)


class Unanswered(msgspec.Struct, frozen=True):
    message_id: UUID
    conversation_id: UUID
    ticket_id: UUID | None
    at: datetime
    outcome: str
    entry: str | None
    sure: float | None
    text: str


class Tallied(msgspec.Struct, frozen=True):
    """`turns` of one outcome; of an answer also how many the customer called a solution, and how many went on."""

    entry: str
    outcome: str
    why: str
    turns: int
    solved: int
    handed: int


async def openings(tx: Tx, ids: Collection[UUID]) -> list[Opening]:
    rows = await tx.fetch(SQL.openings, sorted(ids))
    return [msgspec.convert(dict(row), Opening) for row in rows]


async def with_assistant(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    return {row["id"] for row in await tx.fetch(SQL.with_assistant, sorted(ids))} if ids else set()


async def any_with_assistant(tx: Tx) -> bool:
    return bool(await tx.fetchval(SQL.any_with_assistant))


async def received(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.received)]


async def said_by_customer(tx: Tx, conversation_id: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.said_by_customer, conversation_id)]


async def heard(tx: Tx, message_ids: Sequence[UUID]) -> list[Heard]:
    """One turn a conversation: half sentences in a row are one question."""
    said = defaultdict(list)
    for row in await tx.fetch(SQL.heard, list(message_ids)):
        said[row["conversation_id"]].append(row)
    return [
        Heard(
            conversation_id=id, messages=[row["id"] for row in rows], text="\n".join(row["text"] for row in rows),
            plain=all(row["plain"] for row in rows), page=rows[-1]["page"], locale=rows[-1]["locale"],
            frozen=rows[-1]["frozen"],
        )
        for id, rows in sorted(said.items())
    ]  # fmt: skip


async def turns(tx: Tx, conversations: Sequence[UUID]) -> dict[UUID, list[Turn]]:
    found: dict[UUID, list[Turn]] = {id: [] for id in conversations}
    for row in await tx.fetch(SQL.turns, list(conversations)):
        found[row["conversation_id"]].append(msgspec.convert(dict(row), Turn))
    return found


async def keep(tx: Tx, c: Conversation, turn: Turn) -> None:
    await tx.execute(
        SQL.keep, turn.message_id, c.id, c.inbox_id, c.brand_id, c.team_id, turn.at, turn.outcome.value, turn.why,
        turn.entry, turn.sure, list(turn.offered), turn.rules,
    )  # fmt: skip


async def locale(tx: Tx, conversation_id: UUID) -> str | None:
    found: str | None = await tx.fetchval(SQL.locale, conversation_id)
    return found


async def unanswered(tx: Tx, viewer: Viewer, since: datetime, count: int) -> list[Unanswered]:
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    rows = await tx.fetch(
        SQL.unanswered, viewer.scope is Scope.ALL, list(brands), list(viewer.team_ids), since, count
    )  # fmt: skip
    return [msgspec.convert(dict(row), Unanswered) for row in rows]


async def tally(tx: Tx, viewer: Viewer, since: datetime) -> list[Tallied]:
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    rows = await tx.fetch(SQL.tally, viewer.scope is Scope.ALL, list(brands), list(viewer.team_ids), since)
    return [msgspec.convert(dict(row), Tallied) for row in rows]
