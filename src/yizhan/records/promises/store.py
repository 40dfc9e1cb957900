"""All SQL of promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.promises.model import NewPromise, Promise, PromiseState

SQL = load_queries(__package__)


class Done(msgspec.Struct, frozen=True):
    """What happened to a ticket, as the journal told it: a reply (`what` is its message) or an end (its status)."""

    ticket_id: UUID
    what: object
    at: datetime
    actor: str


async def add(tx: Tx, promise_id: UUID, new: NewPromise, now: datetime) -> None:
    await tx.execute(
        SQL.add, promise_id, new.ticket_id, new.conversation_id, new.message_id, new.contact_id, new.brand_id,
        new.team_id, new.made_by, now, new.text, new.kind, new.due, new.counts_from,
    )  # fmt: skip


async def lock_promise(tx: Tx, promise_id: UUID) -> Promise:
    row = await tx.fetchrow(SQL.lock, promise_id)
    if row is None:
        raise NotFound(f"promise {promise_id}")
    return _promise(row)


async def promises_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Promise]:
    """What is due first comes first."""
    return [_promise(row) for row in await tx.fetch(SQL.by_id, list(ids))] if ids else []


async def settle(
    tx: Tx, promise_id: UUID, state: PromiseState, at: datetime, by: str, reason: str | None = None
) -> int:
    return int(await tx.fetchval(SQL.settle, promise_id, state, at, by, reason))


async def late(tx: Tx, promise_id: UUID) -> int:
    return int(await tx.fetchval(SQL.late, promise_id))


async def keep_by_replies(tx: Tx, replies: Sequence[Done]) -> list[Promise]:
    return await _settled(tx, SQL.keep_by_replies, replies)


async def settle_with_tickets(tx: Tx, ends: Sequence[Done]) -> list[Promise]:
    return await _settled(tx, SQL.settle_with_tickets, ends)


async def held_until(tx: Tx, conversation_id: UUID | None, ticket_id: UUID | None) -> datetime | None:
    """When the last promise is due that is still owed there; None where nothing is owed."""
    due: datetime | None = await tx.fetchval(SQL.held_until, conversation_id, ticket_id)
    return due


async def _settled(tx: Tx, query: str, done: Sequence[Done]) -> list[Promise]:
    rows = await tx.fetch(
        query, [d.ticket_id for d in done], [d.what for d in done], [d.at for d in done], [d.actor for d in done]
    )
    return [_promise(row) for row in rows]


def _promise(row: Record) -> Promise:
    return msgspec.convert(dict(row), Promise)
