"""The rows of targets, and what is read to decide about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.sla.model import RESPONSES, Recipients, Scope, Target, TicketState
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)


async def ticket_states(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, TicketState]:
    rows = await tx.fetch(SQL.ticket_states, list(ids))
    return {row["id"]: msgspec.convert(dict(row), TicketState) for row in rows}


async def words_of(tx: Tx, messages: Sequence[UUID]) -> dict[UUID, str]:
    """Of messages that are nothing but words."""
    return {row["id"]: row["text"] for row in await tx.fetch(SQL.words_of, list(messages))} if messages else {}


async def waiting(tx: Tx, ticket_ids: Collection[UUID]) -> set[UUID]:
    """Those of the tickets in which a customer waits for an answer, as far as targets know."""
    return {row["ticket_id"] for row in await tx.fetch(SQL.waiting, list(ticket_ids), list(RESPONSES))}


async def lock_open(tx: Tx, ticket_ids: Iterable[UUID]) -> list[Target]:
    return [_target(row) for row in await tx.fetch(SQL.lock_open, list(ticket_ids))]


async def lock_due(tx: Tx, target_id: UUID, now: datetime, count: int) -> list[Target]:
    return [_target(row) for row in await tx.fetch(SQL.lock_due, target_id, now, count)]


async def target(tx: Tx, target_id: UUID) -> Target | None:
    row = await tx.fetchrow(SQL.target, target_id)
    return _target(row) if row else None


async def lock_late(tx: Tx, target_id: UUID) -> Target | None:
    row = await tx.fetchrow(SQL.lock_late, target_id)
    return _target(row) if row else None


async def put_targets(tx: Tx, targets: Sequence[Target]) -> None:
    """Those that end first: only one target of a kind may be open on a ticket."""
    if targets:
        await tx.execute(SQL.put_targets, sorted(targets, key=lambda target: target.open))


async def targets_of(tx: Tx, ticket_ids: Sequence[UUID]) -> list[Target]:
    return [_target(row) for row in await tx.fetch(SQL.targets_of, list(ticket_ids))]


async def scope_of(tx: Tx, ticket_ids: Iterable[UUID]) -> dict[UUID, Scope]:
    return {
        row["id"]: Scope(row["brand_id"], row["team_id"], row["agent_id"], row["contact_id"])
        for row in await tx.fetch(SQL.scope_of, list(ticket_ids))
    }


async def document(tx: Tx, kind: str, name: str, version: int) -> dict[str, Any] | None:
    body: dict[str, Any] | None = await tx.fetchval(SQL.document, kind, name, version)
    return body


async def recipients(tx: Tx, ticket_ids: Iterable[UUID]) -> dict[UUID, Recipients]:
    return {
        row["id"]: Recipients(row["handler"], row["owner"], row["leads"], row["members"])
        for row in await tx.fetch(SQL.recipients, list(ticket_ids))
    }


async def agents_of_roles(tx: Tx, keys: Iterable[str]) -> dict[str, list[UUID]]:
    wanted = sorted(set(keys))
    return {row["key"]: row["agents"] for row in await tx.fetch(SQL.agents_of_roles, wanted)} if wanted else {}


async def team(tx: Tx, key: str) -> tuple[UUID, str] | None:
    row = await tx.fetchrow(SQL.team, key)
    return (row["id"], row["name"]) if row else None


def _target(row: Record) -> Target:
    return msgspec.convert(dict(row), Target)
