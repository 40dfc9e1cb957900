"""Addresses we stopped writing to: gone, or asked us to stop."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.records.outbox.model import Suppressed
from yizhan.records.outbox.store import SQL

ALL = "all"
NOTICES = "notices"


async def suppress(
    tx: Tx, identity_id: UUID, *, scope: str, reason: str, words: str, message_id: UUID | None, now: datetime,
    claim: bytes | None = None,
) -> bool:  # fmt: skip
    """Of the identity, or of the address it left. False when nothing changed."""
    made = await tx.fetchval(SQL.suppress, new_id(now), identity_id, scope, reason, words, message_id, now, claim)
    return made is not None


async def suppressions_of(tx: Tx, identity_id: UUID) -> list[Suppressed]:
    return [msgspec.convert(dict(row), Suppressed) for row in await tx.fetch(SQL.suppressions_of, identity_id)]


async def suppressions_of_claim(tx: Tx, blind: bytes) -> list[Suppressed]:
    return [msgspec.convert(dict(row), Suppressed) for row in await tx.fetch(SQL.suppressions_of_claim, blind)]


async def suppressions(tx: Tx, before: UUID | None, most: int) -> list[Suppressed]:
    return [msgspec.convert(dict(row), Suppressed) for row in await tx.fetch(SQL.suppressions, before, most)]


async def allow_identity(tx: Tx, identity_id: UUID) -> bool:
    return bool(await tx.fetch(SQL.allow_identity, identity_id))


async def allow(tx: Tx, suppressed_id: UUID) -> bool:
    return await tx.fetchval(SQL.allow, suppressed_id) is not None
