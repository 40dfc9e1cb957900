"""订单卡片: the same order as each channel can show it. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from yizhan.desk.serving import order_card
from yizhan.records.orders import Document, Order, OrderLine, OrderStatus, Tracking

PAGE = "https://shop.example/orders/SO1"


def order(url: str = PAGE, things: int = 2) -> Order:
    lines = tuple(OrderLine(f"A{n}", f"滤芯 {n}", n) for n in range(1, things + 1))
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Order(
        id=UUID(int=1), brand_id=None, source="shop", number="SO1", identity_id=UUID(int=2), contact_id=UUID(int=3),
        status=OrderStatus.SHIPPED, total_fen=129_900, currency="CNY", placed_at=at, changed_at=at,
        document=Document(lines, Tracking("顺丰速运", "SF1"), url), address_sealed=None, digest=b"", version=1,
    )  # fmt: skip


def test_a_channel_with_orders_is_told_the_order() -> None:
    card = order_card(order(), {"order", "link"}, english=False)
    assert card == ("order", "订单 SO1 · 已发货", {
        "number": "SO1", "title": "滤芯 1、滤芯 2 ×2", "price": "¥1,299.00", "state": "已发货", "url": PAGE,
    })  # fmt: skip


def test_a_channel_with_links_gets_one_to_the_shops_page_if_there_is_one() -> None:
    card = order_card(order(), {"link"}, english=True)
    assert card.kind == "link"
    assert card.payload == {"title": "Order SO1 · shipped", "text": "滤芯 1, 滤芯 2 ×2 · ¥1,299.00", "url": PAGE}
    assert order_card(order(url=""), {"link"}, english=True).kind == "text"


def test_a_channel_without_either_gets_words_and_the_address() -> None:
    card = order_card(order(things=4), (), english=False)
    assert (card.kind, card.payload) == ("text", None)
    assert card.text.splitlines() == [
        "订单 SO1 · 已发货", "滤芯 1、滤芯 2 ×2、滤芯 3 ×3、…", "¥1,299.00", "顺丰速运 SF1 · 运输中", PAGE
    ]  # fmt: skip
