"""Begun before the vendor is called, settled by its answer, and told by its reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.journal import Event, emit
from yizhan.records.texts.model import Purpose, Text, TextState

SQL = load_queries(__package__)
REPORTED = "text.reported"
"""Event: a vendor said what became of one. Subject: what it was sent for; data: text, purpose, state."""
KEPT = timedelta(days=90)
_AT_ONCE = 5_000


async def begin(
    tx: Tx, id: UUID, inbox_id: UUID, purpose: Purpose, subject: UUID, masked: str, now: datetime
) -> bool:  # fmt: skip
    """False for what went before, or perhaps did: no vendor of text messages knows a repetition."""
    return await tx.fetchval(SQL.begin, id, inbox_id, purpose, subject, masked, now) is not None


async def settle(
    tx: Tx, id: UUID, state: TextState, *, vendor_id: str = "", error: str | None = None, again: bool = False,
    now: datetime,
) -> None:  # fmt: skip
    """`again`: it certainly did not leave and may be begun once more."""
    await tx.execute(SQL.settle, id, state, vendor_id, error, again, now)


async def report(
    tx: Tx, inbox_id: UUID, vendor_id: str, state: TextState, *, ours: UUID | None, words: str, now: datetime
) -> bool:
    """False where it is about none of these."""
    error = words if state is TextState.FAILED else None
    row = await tx.fetchrow(SQL.report, inbox_id, vendor_id, ours, state, error, now)
    if row is None:
        return await tx.fetchval(SQL.knows, inbox_id, vendor_id, ours) is not None
    await emit(tx, [Event(
        kind=REPORTED, subject=row["subject"], subject_version=1, at=now, actor="system",
        data={"text": row["id"], "purpose": row["purpose"], "state": state, "error": error},
    )])  # fmt: skip
    return True


async def texts_of(tx: Tx, subjects: Sequence[UUID]) -> list[Text]:
    """What went for these, the oldest first."""
    return [msgspec.convert(dict(row), Text) for row in await tx.fetch(SQL.of, list(subjects))]


async def forget(tx: Tx, now: datetime) -> int:
    """A task of the night: how many went."""
    return len(await tx.fetch(SQL.forget, now - KEPT, _AT_ONCE))
