"""All SQL of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.records.orders.model import KnownOrder, Order

SQL = load_queries(__package__)
_SAME_NUMBER = 20


async def known(tx: Tx, source: str, numbers: Sequence[str]) -> dict[str, KnownOrder]:
    """By number, locked."""
    return {row["number"]: KnownOrder(*row.values()) for row in await tx.fetch(SQL.known, source, numbers)}


async def told(tx: Tx, source: str, numbers: Sequence[str]) -> set[str]:
    """Which of these the source has told of."""
    return {row["number"] for row in await tx.fetch(SQL.told, source, numbers)}


async def add(tx: Tx, orders: Sequence[Order]) -> set[str]:
    """The numbers of those that are new. All are of one source, and come in the order of their numbers."""
    if not orders:
        return set()
    rows = await tx.fetch(
        SQL.add, [o.id for o in orders], [o.brand_id for o in orders], orders[0].source, [o.number for o in orders],
        *_columns(orders),
    )  # fmt: skip
    return {row["number"] for row in rows}


async def change(tx: Tx, orders: Sequence[Order]) -> None:
    if orders:
        await tx.execute(SQL.change, [o.id for o in orders], [o.brand_id for o in orders], *_columns(orders))


async def orders_of(
    tx: Tx, contacts: Sequence[UUID], *, before: datetime | None = None, count: int = 50
) -> list[Order]:
    """Of these contacts, the latest first."""
    return [msgspec.convert(dict(row), Order) for row in await tx.fetch(SQL.of_contacts, contacts, before, count)]


async def orders_numbered(tx: Tx, number: str) -> list[Order]:
    """Two sources may have given the same number."""
    return [msgspec.convert(dict(row), Order) for row in await tx.fetch(SQL.numbered, number, _SAME_NUMBER)]


async def orders_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Order]:
    return [msgspec.convert(dict(row), Order) for row in await tx.fetch(SQL.by_id, ids)]


def _columns(orders: Sequence[Order]) -> tuple[list[object], ...]:
    return (
        [o.identity_id for o in orders], [o.contact_id for o in orders], [str(o.status) for o in orders],
        [o.total_fen for o in orders], [o.currency for o in orders], [o.placed_at for o in orders],
        [o.changed_at for o in orders], [o.document for o in orders], [o.address_sealed for o in orders],
        [o.digest for o in orders],
    )  # fmt: skip
