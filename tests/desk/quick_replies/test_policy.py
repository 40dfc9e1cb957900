"""Gaps of a reply: which there are, what fills them, and that none is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest

from yizhan.desk.quick_replies import GAPS, QUICK_REPLY, ensure_filled, gaps_in, known_of, values_of
from yizhan.foundation.errors import Invalid
from yizhan.records.orders import Document, Order, OrderStatus, Tracking

DAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def order(number: str, status: OrderStatus, due: date | None = None) -> Order:
    return Order(
        id=UUID(int=1), brand_id=None, source="shop", number=number, identity_id=UUID(int=2), contact_id=UUID(int=3),
        status=status, total_fen=100, currency="CNY", placed_at=DAY, changed_at=DAY,
        document=Document(tracking=Tracking("顺丰速运", "SF1", due)), address_sealed=None, digest=b"", version=1,
    )  # fmt: skip


def values(orders: list[Order], named: str | None = None, locale: str = "zh-CN") -> dict[str, str]:
    known = known_of(orders, named, customer=None, agent="林一", inbox="官网", brand=None, ticket=7)
    return values_of(known, locale)


def test_a_gap_is_understood_by_any_of_its_names_and_an_open_one_is_never_sent() -> None:
    assert gaps_in("{{订单号}} {{ order }} {{Order Number}} {{别的}}") == ["order", "别的"]
    ensure_filled("{{别的}} is the customer's own business, {order} too")
    with pytest.raises(Invalid, match="订单号"):
        ensure_filled("您的订单{{ order }}已退款")


def test_the_order_of_the_ticket_counts_else_the_latest() -> None:
    late, early = order("SO2", OrderStatus.SHIPPED, date(2026, 11, 20)), order("SO1", OrderStatus.DELIVERED)
    assert values([late, early])["arrival"] == "11月20日"
    assert values([late, early], locale="en")["arrival"] == "November 20"
    told = values([late, early], "SO1")
    assert (told["order"], told["arrival"]) == ("SO1", "11月18日")
    assert values([late], "SO9") == {"order": "SO9", "agent": "林一", "inbox": "官网", "ticket": "7"}


def test_what_ships_has_only_gaps_that_are_filled() -> None:
    for reply in QUICK_REPLY.more.values():
        assert not set(gaps_in(reply.text + reply.text_en)) - set(GAPS)
        QUICK_REPLY.decode(msgspec.to_builtins(reply))
    with pytest.raises(Invalid, match="nothing fills the gap 天气"):
        QUICK_REPLY.decode({"title": "a", "text": "今天{{天气}}"})
