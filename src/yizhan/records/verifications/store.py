"""The rows of verifications."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.verifications.model import Asked, State, Verification

SQL = load_queries(__package__)


async def add(tx: Tx, id: UUID, one: Asked, now: datetime) -> None:
    await tx.execute(SQL.replace, one.conversation_id)
    await tx.execute(
        SQL.add, id, one.conversation_id, one.contact_id, one.ticket_id, one.way.value, one.kind, one.blind, one.masked,
        one.code, one.asked_by, now, one.expires_at,
    )  # fmt: skip


async def lock(tx: Tx, id: UUID) -> Verification:
    row = await tx.fetchrow(SQL.lock, id)
    if row is None:
        raise NotFound("no such verification")
    return _read(row)


async def rows(tx: Tx, ids: Sequence[UUID]) -> list[Verification]:
    return [_read(row) for row in await tx.fetch(SQL.rows, list(ids))]


async def last_of(tx: Tx, conversation_id: UUID) -> Verification | None:
    row = await tx.fetchrow(SQL.last_of, conversation_id)
    return _read(row) if row else None


async def waiting_of(tx: Tx, conversation_id: UUID, now: datetime) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.waiting_of, conversation_id, now)
    return found


async def asked_since(tx: Tx, contact_id: UUID, blind: bytes, since: datetime) -> int:
    return int(await tx.fetchval(SQL.asked_since, contact_id, blind, since))


async def settle(
    tx: Tx, id: UUID, state: State, *, error: str | None = None, proved_at: datetime | None = None,
    good_until: datetime | None = None,
) -> int:  # fmt: skip
    return int(await tx.fetchval(SQL.settle, id, state.value, error, proved_at, good_until))


async def tried(tx: Tx, id: UUID) -> int:
    return int(await tx.fetchval(SQL.tried, id))


async def covered(tx: Tx, contacts: Sequence[UUID], now: datetime) -> frozenset[UUID]:
    """Set-based: one statement, however many contacts a person has."""
    return frozenset(row["id"] for row in await tx.fetch(SQL.covered, list(contacts), now))


async def standing_login(tx: Tx, contacts: Sequence[UUID]) -> dict[UUID, datetime]:
    return {row["id"]: row["at"] for row in await tx.fetch(SQL.standing_login, list(contacts))}


async def log_in(
    tx: Tx, contact_id: UUID, browser: UUID, account: UUID, inbox_id: UUID, now: datetime
) -> UUID | None:  # fmt: skip
    found: UUID | None = await tx.fetchval(SQL.log_in, contact_id, browser, account, inbox_id, now)
    return found


async def log_out(tx: Tx, browser: UUID) -> list[tuple[UUID, UUID]]:
    """(conversation, contact)."""
    return [(row["conversation_id"], row["contact_id"]) for row in await tx.fetch(SQL.log_out, browser)]


async def members(tx: Tx, person_id: UUID) -> frozenset[UUID]:
    return frozenset(row["id"] for row in await tx.fetch(SQL.members, person_id))


async def joined(tx: Tx, contacts: Collection[UUID]) -> frozenset[UUID]:
    """With these contacts whoever proofs alone join with them: neither a guess nor somebody's judgement counts."""
    return frozenset(row["id"] for row in await tx.fetch(SQL.joined, list(contacts)))


def _read(row: Record) -> Verification:
    return msgspec.convert(dict(row), Verification)
