"""The rows of the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.compensations.model import Allowed, Compensation, PayState, Wish

SQL = load_queries(__package__)


async def lock_person(tx: Tx, contact_id: UUID) -> None:
    """Before conversations and tickets, as everywhere."""
    if not await tx.fetch(SQL.lock_person, contact_id):
        raise NotFound("there is no such customer")


async def ledger(tx: Tx, contact_id: UUID) -> list[Compensation]:
    """Of the whole person, the newest first."""
    return [_read(row) for row in await tx.fetch(SQL.ledger, contact_id)]


async def add(
    tx: Tx, wish: Wish, state: PayState, allowed: Allowed, total_fen: int, asked_by: UUID, now: datetime
) -> Compensation:
    row = await tx.fetchrow(
        SQL.add, new_id(now), wish.ticket_id, wish.contact_id, wish.kind, wish.fen, wish.order_no or None,
        wish.reason.strip(), wish.addition, state, asked_by, now, allowed.limit_fen,
        allowed.needs if state is PayState.PENDING else None, total_fen,
    )  # fmt: skip
    assert row is not None
    return _read(row)


async def lock_compensation(tx: Tx, compensation_id: UUID) -> Compensation:
    row = await tx.fetchrow(SQL.lock, compensation_id)
    if row is None:
        raise NotFound("there is no such compensation")
    return _read(row)


async def ticket_of(tx: Tx, compensation_id: UUID) -> UUID:
    found: UUID | None = await tx.fetchval(SQL.ticket_of, compensation_id)
    if found is None:
        raise NotFound("there is no such compensation")
    return found


async def decide(tx: Tx, id: UUID, state: PayState, by: UUID, now: datetime, decision: str) -> Compensation:
    row = await tx.fetchrow(SQL.decide, id, state, by, now, decision)
    assert row is not None
    return _read(row)


async def pending(tx: Tx, count: int = 200) -> list[Compensation]:
    return [_read(row) for row in await tx.fetch(SQL.pending, count)]


def _read(row: Record) -> Compensation:
    return msgspec.convert(dict(row), Compensation)
