"""All SQL of profiles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record as Row
from yizhan.foundation.db import Tx, copy_new, load_queries
from yizhan.records.profiles.model import KeptRecord, Past, Value

SQL = load_queries(__package__)
_MANY = 50
_RECORD = ("contact_id", "source", "fields", "sealed", "at", "hands")


async def records(tx: Tx, contacts: Sequence[UUID]) -> list[KeptRecord]:
    return [_record(row) for row in await tx.fetch(SQL.records, contacts)] if contacts else []


async def write_records(tx: Tx, kept: Sequence[KeptRecord]) -> None:
    if kept:
        await tx.execute(
            SQL.write_records, [r.contact_id for r in kept], [r.source for r in kept], [r.fields for r in kept],
            [r.sealed for r in kept], [r.at for r in kept], [r.hands for r in kept],
        )  # fmt: skip


async def add_records(tx: Tx, kept: Sequence[KeptRecord]) -> None:
    """Of contacts that were made in this transaction."""
    if len(kept) < _MANY:
        await write_records(tx, kept)
        return
    rows = [(r.contact_id, r.source, r.fields, r.sealed, r.at, r.hands) for r in kept]
    await copy_new(tx, "profile_record", _RECORD, rows)


async def add_past(tx: Tx, past: Sequence[Past], by: str) -> None:
    if past:
        await tx.execute(
            SQL.add_past, [p.id for p in past], [p.contact_id for p in past], [p.source for p in past],
            [p.field for p in past], [p.value for p in past], [p.sealed for p in past], [p.since for p in past],
            [p.until for p in past], [p.said_by for p in past], by,
        )  # fmt: skip


async def past(tx: Tx, contacts: Sequence[UUID], field: str | None = None, count: int = 100) -> list[Past]:
    """The latest first."""
    return [Past(*row.values()) for row in await tx.fetch(SQL.past, contacts, field, count)]


async def records_after(tx: Tx, last: tuple[UUID, str], count: int) -> list[KeptRecord]:
    return [_record(row) for row in await tx.fetch(SQL.records_after, *last, count)]


def _record(row: Row) -> KeptRecord:
    fields = msgspec.convert(row["fields"], dict[str, tuple[Value, datetime]])
    return KeptRecord(row["contact_id"], row["source"], fields, row["sealed"], row["at"], row["hands"])
