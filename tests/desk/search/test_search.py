"""Search through the journal's reader on a real index."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.search import Search, search_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records.agents import Scope, Viewer


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def indexed(shop: Shop) -> None:
    async with Lease(shop.db, "journal", "test") as lease:
        await Sequencer(shop.db, lease, Wake(), lambda _: None).drain()
    reader = search_reader(shop.db, shop.clock, shop.vault)
    while await reader.step():
        pass


def supervisor(shop: Shop, scope: Scope = Scope.ALL) -> Viewer:
    return Viewer(agent_id=new_id(shop.clock.now()), name="周", permissions=frozenset(), scope=scope)


async def find(shop: Shop, asked: str, viewer: Viewer | None = None, kind: str | None = "message") -> list[str]:
    async with shop.db.read() as tx:
        found = await Search(shop.vault).find(tx, viewer or supervisor(shop), asked, kind=kind, count=200)
    return [f.snippet for f in found]


async def test_a_rare_two_character_word_is_found_every_time(shop: Shop) -> None:
    now = shop.clock.now()
    lines = [says(shop.chat, f"v{i}", f"第{i}次来问,赠品怎么没有", now + timedelta(seconds=i)) for i in range(100)]
    await shop.intake.accept_batch(lines)
    await shop.intake.accept_batch([says(shop.chat, f"w{i}", "什么时候发货", now) for i in range(50)])
    await indexed(shop)
    assert len(await find(shop, "赠品")) == 100
    assert await find(shop, "发票") == []


async def test_a_phone_number_is_found_exactly_and_never_stored(shop: Shop) -> None:
    await shop.intake.accept(says(shop.chat, "v1", "我的电话19900004406打不通", shop.clock.now()))
    await indexed(shop)
    assert len(await find(shop, "19900004406")) == 1
    assert await find(shop, "1990000440") == []
    assert not await shop.db.pool.fetchval("SELECT count(*) FROM search_row WHERE words::text LIKE '%19900004406%'")


async def test_out_of_scope_is_not_found(shop: Shop) -> None:
    await shop.intake.accept(says(shop.chat, "v1", "退款进度", shop.clock.now()))
    await indexed(shop)
    assert len(await find(shop, "退款")) == 1
    assert await find(shop, "退款", supervisor(shop, Scope.OWN)) == []
    assert await find(shop, "退款", supervisor(shop, Scope.TEAM)) == []


async def test_tickets_by_subject_and_number(shop: Shop) -> None:
    await shop.intake.accept(says(shop.chat, "v1", "空气炸锅不加热", shop.clock.now()))
    await indexed(shop)
    assert len(await find(shop, "炸锅", kind="ticket")) == 1
    assert len(await find(shop, "208000", kind="ticket")) == 1


async def test_common_words_come_newest_first_also_to_who_sees_little(shop: Shop) -> None:
    now = shop.clock.now()
    texts = ["请问什么时候发货" if n % 2 else f"退款{n}到了吗" for n in range(4_000)]
    for start in range(0, len(texts), 200):
        await shop.intake.accept_batch([
            says(shop.chat, f"v{n}", texts[n], now + timedelta(seconds=n)) for n in range(start, start + 200)
        ])  # fmt: skip
    await indexed(shop)
    await shop.db.pool.execute("VACUUM ANALYZE search_row")
    own = supervisor(shop, Scope.OWN)
    await shop.db.pool.execute(
        "UPDATE conversation v SET agent_id = $1 FROM message m "
        "WHERE m.conversation_id = v.id AND m.text LIKE '退款__到%'",
        own.agent_id,
    )
    search = Search(shop.vault)
    async with shop.db.read() as tx:
        everything = await search.find(tx, supervisor(shop), "退款", kind="message")
        mine = await search.find(tx, own, "退款", kind="message")
        exact = await search.find(tx, own, "退款 10", kind="message")
    assert [f.snippet for f in everything] == [f"退款{n}到了吗" for n in range(3_998, 3_958, -2)]
    assert mine == []  # all his are among the oldest, beyond what is walked
    assert [f.snippet for f in exact] == ["退款10到了吗"]
