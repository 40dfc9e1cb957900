"""Events of a block that are written with one statement."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.foundation.journal.entries import event
from yizhan.foundation.db import Database
from yizhan.foundation.journal import emit, emitted_together


async def kinds(db: Database) -> list[str]:
    return [r["kind"] for r in await db.pool.fetch("SELECT kind FROM event_new ORDER BY seq")]


async def test_they_stand_in_their_order_after_one_statement(db: Database) -> None:
    seen: list[str] = []
    async with db.transaction() as tx:
        tx.add_query_logger(lambda record: seen.append(record.query))
        await emit(tx, [event(uuid4(), 1, "a")])
        async with emitted_together(tx):
            await emit(tx, [event(uuid4(), 1, "b"), event(uuid4(), 1, "c")])
            await emit(tx, [])
            await emit(tx, [event(uuid4(), 1, "d")])
        await emit(tx, [event(uuid4(), 1, "e")])
    assert await kinds(db) == ["a", "b", "c", "d", "e"]
    assert len([q for q in seen if "journal.emit" in q]) == 3


async def test_nothing_is_written_when_the_block_fails(db: Database) -> None:
    async def fail() -> None:
        async with db.transaction() as tx, emitted_together(tx):
            await emit(tx, [event(uuid4(), 1, "a")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with db.transaction() as tx:
        await emit(tx, [event(uuid4(), 1, "b")])
    assert await kinds(db) == ["b"]
