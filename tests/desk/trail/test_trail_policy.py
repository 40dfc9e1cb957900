"""What is believed of a browser, and when a visitor may be spoken to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from yizhan.desk.trail import (
    Answer,
    Cart,
    Invitation,
    InvitationCaps,
    TrailItem,
    WireItem,
    cart_after,
    cleaned,
    coarse_ip,
    masked_url,
    may_invite,
    origin_of,
    segment_name,
    segment_properties,
    source_name,
)

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://shop.example/p/1?color=red", "https://shop.example/p/1?color=red"),
        ("https://shop.example/in?token=abc&x=1", "https://shop.example/in?token=***&x=1"),
        (
            "https://shop.example/?x=1&access_token=abc#id_token=q",
            "https://shop.example/?x=1&access_token=***#id_token=***",
        ),
        ("https://shop.example/?phone=19900001111", "https://shop.example/?phone=***"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
    ],
)
def test_addresses_lose_their_secrets(url: str, kept: str) -> None:
    assert masked_url(url) == kept


@pytest.mark.parametrize(
    ("address", "coarse"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::9", "2001:db8:1::"), ("unknown", "")],
)
def test_an_address_is_kept_for_a_region_only(address: str, coarse: str) -> None:
    assert coarse_ip(address) == coarse


def test_the_campaign_names_the_source_before_the_referrer() -> None:
    landing = "https://shop.example/?utm_source=weibo&utm_campaign=618"
    origin = origin_of(landing, "https://m.weibo.cn/x", ip="203.0.113.77", language="zh-CN", user_agent="UA")
    assert origin.campaign == {"source": "weibo", "name": "618"}
    assert source_name(origin) == "weibo"


def test_the_own_site_is_not_a_source() -> None:
    origin = origin_of("https://a.example/1", "https://a.example/0", ip="", language="", user_agent="")
    assert source_name(origin) == ""
    origin = origin_of("https://a.example/1", "https://www.baidu.com/s", ip="", language="", user_agent="")
    assert source_name(origin) == "baidu.com"


def item(kind: str, **data: Any) -> TrailItem:
    return TrailItem(kind, "https://shop.example/", "", NOW, data=data)


def wire(at: datetime = NOW, **changes: Any) -> WireItem:
    return msgspec.structs.replace(WireItem("page", at, "https://shop.example/"), **changes)


def test_a_wrong_clock_is_put_right() -> None:
    years_off = NOW - timedelta(days=4000)
    (kept,) = cleaned([wire(years_off - timedelta(seconds=20))], NOW, sent_at=years_off)
    assert kept.at == NOW - timedelta(seconds=20)


def test_without_a_sending_time_the_clock_is_only_bounded() -> None:
    past, future = cleaned([wire(NOW - timedelta(days=9)), wire(NOW + timedelta(days=9))], NOW)
    assert (past.at, future.at) == (NOW - timedelta(hours=1), NOW)


def test_everything_is_bounded() -> None:
    (kept,) = cleaned([wire(kind="x" * 999, title="t" * 999, dwell_ms=10**12, data={"big": "b" * 9000})], NOW)
    assert (len(kept.kind), len(kept.title), kept.dwell_ms, kept.data) == (60, 300, 21_600_000, {})
    assert len(cleaned([wire()] * 500, NOW)) == 100


def test_what_the_database_cannot_hold_is_taken_out() -> None:
    (kept,) = cleaned([wire(title="a\x00b", data={"k\x00": "v\x00", "path": "c:\\u0000x"})], NOW)
    assert (kept.title, kept.data) == ("ab", {"k": "v", "path": "c:\\u0000x"})


def test_both_vocabularies_become_one() -> None:
    assert segment_name("add_to_cart") == "Product Added"
    assert segment_name("Product Added") == "Product Added"
    ga4 = {"transaction_id": "9", "items": [{"item_id": "1", "item_name": "净水器", "price": 5}]}
    assert segment_properties(ga4) == {"order_id": "9", "products": [{"product_id": "1", "name": "净水器", "price": 5}]}


def test_the_cart_follows_the_events() -> None:
    cart = cart_after(None, item("Product Added", product_id="1", name="净水器", price="1899.00", currency="CNY"))
    cart = cart_after(cart, item("Product Added", product_id="2", price=59, quantity=2))
    assert cart is not None
    assert (cart.value, cart.currency) == (Decimal("2017.00"), "CNY")
    cart = cart_after(cart, item("Product Removed", product_id="1"))
    assert cart is not None
    assert [(each.id, each.quantity) for each in cart.products] == [("2", 2)]
    assert cart_after(cart, item("Order Completed", order_id="9")) is None


def test_a_viewed_cart_states_the_whole() -> None:
    old = cart_after(None, item("Product Added", product_id="1", price=5))
    new = cart_after(old, item("Cart Viewed", products=[{"product_id": "7", "price": "2.5", "quantity": 4}]))
    assert new == Cart(new.products if new else (), Decimal("10.0"), "")


@pytest.mark.parametrize("price", ["abc", "NaN", "-5", "1e400", None, [1]])
def test_a_price_that_is_none_counts_nothing(price: object) -> None:
    cart = cart_after(None, item("Product Added", product_id="1", price=price))
    assert cart is not None
    assert cart.value == 0


def invited(ago: timedelta, answer: Answer | None = None) -> Invitation:
    return Invitation(
        id=uuid4(), inbox_id=uuid4(), visitor=b"v", rule="r", text="", actor="system", at=NOW - ago, answer=answer
    )


@pytest.mark.parametrize(
    ("past", "allowed"),
    [
        ([], True),
        ([invited(timedelta(minutes=10))], False),
        ([invited(timedelta(minutes=40))], True),
        ([invited(timedelta(hours=2)), invited(timedelta(hours=5))], False),
        ([invited(timedelta(hours=23), Answer.CLOSED)], False),
        ([invited(timedelta(hours=25), Answer.CLOSED)], True),
        ([invited(timedelta(hours=2), Answer.ACCEPTED)], True),
    ],
)
def test_a_visitor_is_not_pressed(past: list[Invitation], *, allowed: bool) -> None:
    assert may_invite(past, InvitationCaps(), NOW) is allowed
