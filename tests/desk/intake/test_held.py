"""Rows that somebody else holds keep their own customer waiting, nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


@asynccontextmanager
async def held(shop: Shop, table: str, id: UUID | None) -> AsyncIterator[None]:
    async with shop.db.transaction() as tx:
        await tx.execute(f"SELECT FROM {table} WHERE id = $1 FOR UPDATE", id)
        yield


@pytest.mark.parametrize("table", ["conversation", "ticket"])
async def test_others_are_answered_while_one_waits_and_his_words_keep_their_order(shop: Shop, table: str) -> None:
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "零", now))
    mine = [says(shop.chat, "v1", text, now + timedelta(seconds=n)) for n, text in enumerate("一二")]
    async with held(shop, table, first.conversation_id if table == "conversation" else first.ticket_id):
        waiting = [asyncio.ensure_future(shop.intake.accept(each)) for each in mine]
        others = [says(shop.chat, f"w{n}", "在吗", now) for n in range(5)]
        done = await asyncio.wait_for(asyncio.gather(*map(shop.intake.accept, others)), 10)
        later = await asyncio.wait_for(shop.intake.accept(says(shop.chat, "w0", "还在吗", now)), 10)
        waiting.append(asyncio.ensure_future(shop.intake.accept(says(shop.chat, "v1", "三", now))))
        await asyncio.wait_for(shop.intake.accept(says(shop.chat, "w9", "您好", now)), 10)
        assert not any(each.done() for each in waiting)
    answers = await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert len({d.message_id for d in (*done, later, *answers)}) == 9
    assert {a.ticket_id for a in answers} == {first.ticket_id}
    said = await shop.db.pool.fetch(
        "SELECT m.text FROM event_new e JOIN message m ON m.id = (e.data->>'message')::uuid"
        " WHERE e.kind = 'message.received' AND m.conversation_id = $1 ORDER BY e.seq", first.conversation_id,
    )  # fmt: skip
    assert [r["text"] for r in said] == ["零", "一", "二", "三"]
    keys = await shop.db.pool.fetchval("SELECT count(*) FROM dedupe_key k JOIN message m ON m.id = k.message_id")
    assert keys == await shop.db.pool.fetchval("SELECT count(*) FROM message") == 11


async def test_what_waits_is_no_repetition_of_itself_and_its_repetition_is_one(shop: Shop) -> None:
    now = shop.clock.now()
    first = await shop.intake.accept(says(shop.chat, "v1", "零", now))
    again = says(shop.chat, "v1", "一", now, n=7)
    async with held(shop, "conversation", first.conversation_id):
        waiting = [asyncio.ensure_future(shop.intake.accept(again)) for _ in range(3)]
        await asyncio.wait_for(shop.intake.accept(says(shop.chat, "w", "在吗", now)), 10)
        assert not any(each.done() for each in waiting)
    answers = await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert sorted(a.duplicate for a in answers) == [False, True, True]
    assert len({a.message_id for a in answers}) == 1
