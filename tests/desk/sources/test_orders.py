"""Orders as sources tell them: once each, the newest counts, and on the identity of who bought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yizhan.desk.sources import Did, OrderIn, Outcome, put_orders
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.records import orders
from yizhan.records.contacts import Identifier
from yizhan.records.orders import OrderLine, Tracking

DAY = timedelta(days=1)


class Shop:
    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db, self.clock, self.vault = db, clock, Vault(new_keyring())

    def order(self, number: str, **told: Any) -> OrderIn:
        given: dict[str, Any] = {
            "number": number, "identifiers": (Identifier("external", "shop:7"),), "status": "paid", "total_fen": 39900,
            "placed_at": self.clock.now() - 3 * DAY, "lines": (OrderLine("A5", "空气炸锅 A5", 1, 39900),), **told,
        }  # fmt: skip
        return OrderIn(**given)

    async def put(self, *rows: OrderIn) -> list[Outcome]:
        async with self.db.transaction() as tx:
            return await put_orders(tx, self.vault, rows, source="shop", now=self.clock.now(), by="system")

    async def told(self) -> list[tuple[str, str | None]]:
        rows = await self.db.pool.fetch("SELECT data FROM event_new WHERE kind = 'order.changed' ORDER BY seq")
        return [(row["data"]["status"], row["data"]["was"]) for row in rows]


@pytest.fixture
def shop(db: Database, clock: FakeClock) -> Shop:
    return Shop(db, clock)


async def test_an_order_hangs_on_its_buyer_and_comes_once(shop: Shop) -> None:
    row = shop.order("SO1", address="杭州市文三路 2 号", tracking=Tracking("顺丰", "SF1"))
    first, again, other = await shop.put(row, row, shop.order("SO2", status="已发货"))
    assert (first.did, again.did, other.did) == (Did.OLDER, Did.CREATED, Did.CREATED), "of two the later counts"
    assert first.contact_id == other.contact_id
    async with shop.db.read() as tx:
        (found,) = await orders.orders_numbered(tx, "SO1")
        assert first.contact_id is not None
        assert [o.number for o in await orders.orders_of(tx, [first.contact_id])] == ["SO2", "SO1"]
    assert found.document.lines == row.lines
    assert found.address_sealed is not None
    assert "文三路" not in str(await shop.db.pool.fetch("SELECT * FROM customer_order"))
    assert (await shop.put(row))[0].did is Did.UNCHANGED
    assert await shop.told() == [("paid", None), ("shipped", None)]


async def test_an_older_row_never_overwrites_a_newer_one(shop: Shop) -> None:
    now = shop.clock.now()
    await shop.put(shop.order("SO1", at=now - 2 * DAY))
    assert (await shop.put(shop.order("SO1", status="delivered", at=now)))[0].did is Did.CHANGED
    assert (await shop.put(shop.order("SO1", status="shipped", at=now - DAY)))[0].did is Did.OLDER
    assert await shop.told() == [("paid", None), ("delivered", "paid")]


async def test_of_two_rows_with_one_number_the_later_counts_and_both_again_change_nothing(shop: Shop) -> None:
    rows = shop.order("SO1", status="paid"), shop.order("SO1", status="shipped")
    assert [each.did for each in await shop.put(*rows)] == [Did.OLDER, Did.CREATED]
    shop.clock.advance(DAY)
    assert [each.did for each in await shop.put(*rows)] == [Did.OLDER, Did.UNCHANGED]
    assert await shop.told() == [("shipped", None)]


async def test_bad_orders_are_told_by_field(shop: Shop) -> None:
    told = await shop.put(
        shop.order(" ", status="verloren", total_fen=-1, currency="yuan", brand="ghost"),
        shop.order("SO2", placed_at=shop.clock.now() + 3 * DAY, identifiers=(Identifier("phone", " "),)),
        shop.order("SO3"),
        shop.order("SO4", total_fen=2**63, placed_at=datetime(1, 1, 1, tzinfo=UTC)),
    )
    assert [each.did for each in told] == [Did.REFUSED, Did.REFUSED, Did.CREATED, Did.REFUSED]
    assert {p.field for p in told[3].problems} == {"total_fen", "placed_at"}
    assert {p.field for p in told[0].problems} == {"number", "status", "total_fen", "currency", "brand"}
    assert {p.field for p in told[1].problems} == {"placed_at", "identifiers[0].value"}
