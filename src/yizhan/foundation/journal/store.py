"""Writing to the journal and reading from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.foundation.journal.model import Entry, Event, Head

SQL = load_queries(__package__)

# Connections whose open transaction wrote events. After a rollback an entry may stay: it costs one ring too many.
_written: set[int] = set()
# What is written together later, by connection.
_gathered: dict[int, list[Event]] = {}


async def emit(tx: Tx, events: Sequence[Event]) -> None:
    """Appends events inside the writer's transaction; call it after the subjects' rows are locked."""
    if not events:
        return
    _written.add(id(tx))
    if (waiting := _gathered.get(id(tx))) is not None:
        waiting.extend(events)
        return
    await tx.execute(
        SQL.emit,
        [e.at for e in events],
        [e.kind for e in events],
        [e.v for e in events],
        [e.subject for e in events],
        [e.subject_version for e in events],
        [e.brand_id for e in events],
        [e.team_id for e in events],
        [e.agent_id for e in events],
        [e.contact_id for e in events],
        [e.conversation_id for e in events],
        [e.ticket_id for e in events],
        [e.actor for e in events],
        [e.on_behalf for e in events],
        [e.request for e in events],
        [e.cause for e in events],
        [e.depth for e in events],
        [e.data for e in events],
    )


async def emit_alike(tx: Tx, event: Event, contacts: Sequence[UUID]) -> None:
    """The event once for each of these contacts, as its subject; at once, also where others are gathered."""
    if not contacts:
        return
    _written.add(id(tx))
    await tx.execute(
        SQL.emit_alike, event.at, event.kind, event.v, event.subject_version, event.actor, event.data, contacts
    )


@asynccontextmanager
async def emitted_together(tx: Tx) -> AsyncIterator[None]:
    """Events of the block are written at its end, in their order, with one statement.

    For set-based writers whose row locks others wait for: each statement is a way there and back. A block holds no
    savepoint of its own, whose rollback would leave its events standing.
    """
    waiting: list[Event] = []
    _gathered[id(tx)] = waiting
    try:
        yield
    finally:
        del _gathered[id(tx)]
    await emit(tx, waiting)


def wrote(tx: Tx) -> None:
    """For set-based functions that append events themselves: the bell rings after their commit too."""
    _written.add(id(tx))


def ring_after_commit(db: Database, ring: Callable[[], None]) -> None:
    """Rings once a transaction that wrote events is committed; NOTIFY inside it would cost a fifth of throughput."""

    def committed(tx: Tx) -> None:
        if id(tx) in _written:
            _written.discard(id(tx))
            ring()

    db.after_commit(committed)


async def head(tx: Tx) -> Head:
    row = await tx.fetchrow(SQL.head)
    assert row is not None, "the journal's head row is made by migration"
    return Head(row["epoch"], row["pos"])


async def entries_after(tx: Tx, pos: int, most: int) -> list[Entry]:
    return [Entry(*row) for row in await tx.fetch(SQL.entries_after, pos, most)]


async def entries_of_kinds(tx: Tx, pos: int, upto: int, kinds: Collection[str]) -> list[Entry]:
    return [Entry(*row) for row in await tx.fetch(SQL.entries_of_kinds, pos, upto, list(kinds))]


async def held(tx: Tx, reader: str) -> list[Entry]:
    """What a reader put aside, in order."""
    return [Entry(*row) for row in await tx.fetch(SQL.held, reader)]


async def first_broken(tx: Tx, from_pos: int, to_pos: int) -> int | None:
    """The first altered, missing or inserted position of a range; None when the chain is whole."""
    broken: int | None = await tx.fetchval(SQL.first_broken, from_pos, to_pos)
    return broken


async def lags(tx: Tx) -> list[tuple[str, int, int]]:
    """Every durable reader with how many entries it is behind and how many it has put aside."""
    return [(r["reader"], r["lag"], r["held"]) for r in await tx.fetch(SQL.lags)]


async def hold(tx: Tx, reader: str, pos: int, error: str, tries: int, at: datetime) -> None:
    await tx.execute(SQL.hold, reader, pos, error[:2000], tries, at)
