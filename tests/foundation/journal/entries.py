"""Events for tests of the journal, and a sequencer under a lease of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Event, Sequencer, Wake, emit
from yizhan.foundation.lease import Lease

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def event(subject: UUID, version: int, kind: str = "thing.changed", **more: Any) -> Event:
    return Event(
        kind=kind, subject=subject, subject_version=version, at=AT, actor="system", data={"n": version}, **more
    )


async def write(db: Database, events: Sequence[Event]) -> None:
    async with db.transaction() as tx:
        await emit(tx, events)


async def things(tx: Tx, *subjects: UUID) -> None:
    """Subjects with a version, as every mutable row has one; their row lock is what orders their events."""
    await tx.execute("CREATE TABLE IF NOT EXISTS thing (id uuid PRIMARY KEY, version int NOT NULL)")
    await tx.executemany("INSERT INTO thing VALUES ($1, 0)", [(s,) for s in subjects])


async def raise_version(tx: Tx, subject: UUID) -> Event:
    """The way of every verb: the row first, which locks it, then the event."""
    version = await tx.fetchval("UPDATE thing SET version = version + 1 WHERE id = $1 RETURNING version", subject)
    made = event(subject, version)
    await emit(tx, [made])
    return made


async def sequencer(db: Database) -> Sequencer:
    lease = Lease(db, "journal", str(uuid4()))
    await lease.step()
    return Sequencer(db, lease, Wake(), lambda pos: None)


async def written(db: Database) -> list[tuple[int, UUID, int]]:
    rows = await db.pool.fetch("SELECT pos, subject, subject_version FROM event ORDER BY pos")
    return [(r["pos"], r["subject"], r["subject_version"]) for r in rows]
