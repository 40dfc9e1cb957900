"""The tables of configuration."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yizhan.foundation.db import Tx, UniqueViolation, load_queries
from yizhan.foundation.errors import Conflict
from yizhan.records.config.model import CountedFault, Document, Pick, Release, RuleFault

SQL = load_queries(__package__)

ABOVE_ALL = 2**31 - 1


async def insert_document(tx: Tx, document: Document) -> None:
    """Raises Conflict when somebody else wrote this version meanwhile."""
    try:
        await tx.execute(
            SQL.insert_document,
            document.id,
            document.kind,
            document.name,
            document.version,
            document.body,
            document.created_at,
            document.created_by,
            document.note,
        )
    except UniqueViolation:
        raise Conflict(f"{document.kind} {document.name} was changed by somebody else meanwhile") from None


async def latest(tx: Tx, kind: str, name: str) -> Document | None:
    row = await tx.fetchrow(SQL.latest, kind, name)
    return _document(row) if row else None


async def latest_of_all(tx: Tx) -> list[Document]:
    return [_document(row) for row in await tx.fetch(SQL.latest_of_all)]


async def picked(tx: Tx, picks: Sequence[Pick]) -> list[Document]:
    rows = await tx.fetch(SQL.picked, [p.kind for p in picks], [p.name for p in picks], [p.version for p in picks])
    return [_document(row) for row in rows]


async def versions(tx: Tx, kind: str, name: str) -> list[Document]:
    return [_document(row) for row in await tx.fetch(SQL.versions, kind, name)]


async def current_release(tx: Tx) -> Release | None:
    row = await tx.fetchrow(SQL.current_release)
    return Release(**row) if row else None


async def release(tx: Tx, number: int) -> Release | None:
    row = await tx.fetchrow(SQL.release, number)
    return Release(**row) if row else None


async def releases(tx: Tx, before: int, count: int) -> list[Release]:
    return [Release(**row) for row in await tx.fetch(SQL.releases, before, count)]


async def released_documents(tx: Tx, number: int) -> list[Document]:
    return [_document(row) for row in await tx.fetch(SQL.released_documents, number)]


async def insert_release(tx: Tx, release: Release, documents: Sequence[Document]) -> None:
    """Raises Conflict when somebody else released meanwhile."""
    try:
        await tx.execute(
            SQL.insert_release,
            release.id,
            release.number,
            release.parent,
            release.released_at,
            release.released_by,
            release.note,
        )
    except UniqueViolation:
        raise Conflict("somebody else released meanwhile") from None
    await tx.execute(SQL.insert_items, release.id, [document.id for document in documents])


async def count_faults(tx: Tx, faults: Sequence[RuleFault], now: datetime) -> set[tuple[str, str, str]]:
    """Adds them up; the keys of those that nobody was told of before."""
    rows = await tx.fetch(
        SQL.count_faults, [f.kind for f in faults], [f.source for f in faults], [f.rule for f in faults],
        [f.error for f in faults], [f.times for f in faults], now,
    )  # fmt: skip
    return {(row["kind"], row["source"], row["rule"]) for row in rows if row["new"]}


async def failed_rules(tx: Tx, since: datetime, count: int = 100) -> list[CountedFault]:
    """Rules that failed since then, who failed last first."""
    return [CountedFault(*row.values()) for row in await tx.fetch(SQL.failed_rules, since, count)]


def _document(row: Any) -> Document:
    return Document(**row)
