"""What a vendor reports of our messages under its own ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.records.outbox.store import SQL

RECALLED = "recalled"


class Early(msgspec.Struct, frozen=True):
    """A report that overtook the answer to the call it is about."""

    state: str
    error_class: str
    words: str


class AtVendor(msgspec.Struct, frozen=True):
    """A message of ours that has left the house."""

    inbox_id: UUID
    channel: str
    vendor_id: str
    payload: dict[str, Any] | None


async def sent_at_vendor(tx: Tx, message_id: UUID) -> AtVendor | None:
    row = await tx.fetchrow(SQL.sent_at_vendor, message_id)
    return AtVendor(**dict(row)) if row is not None else None


async def vendor_id_of(tx: Tx, message_id: UUID) -> str:
    """Empty for what it does not know."""
    return await tx.fetchval(SQL.vendor_id_of, message_id) or ""


async def sent_as(tx: Tx, inbox_id: UUID, vendor_id: str) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.sent_as, inbox_id, vendor_id)
    return found


async def heard_as(tx: Tx, inbox_id: UUID, message_id: UUID, vendor_id: str, now: datetime) -> UUID | None:
    """The vendor has this message of ours: what was thought unknown is sent."""
    found: UUID | None = await tx.fetchval(SQL.heard_as, inbox_id, message_id, vendor_id, now)
    return found


async def keep_early(
    tx: Tx, inbox_id: UUID, vendor_id: str, state: str, error_class: str, words: str, now: datetime
) -> None:
    await tx.execute(SQL.keep_early, inbox_id, vendor_id, state, str(error_class), words, now)


async def take_early(tx: Tx, message_id: UUID, vendor_id: str) -> list[Early]:
    return [Early(**dict(row)) for row in await tx.fetch(SQL.take_early, message_id, vendor_id)]


async def take_early_as(tx: Tx, inbox_id: UUID, vendor_id: str) -> list[Early]:
    return [Early(**dict(row)) for row in await tx.fetch(SQL.take_early_as, inbox_id, vendor_id)]


async def take_recalled(tx: Tx, inbox_id: UUID, vendor_ids: Sequence[str]) -> list[str]:
    """Those of them that their writer took back before they came."""
    return [row["vendor_id"] for row in await tx.fetch(SQL.take_recalled, inbox_id, vendor_ids, RECALLED)]


async def forget_early(tx: Tx, before: datetime, most: int) -> int:
    return len(await tx.fetch(SQL.forget_early, before, most))
