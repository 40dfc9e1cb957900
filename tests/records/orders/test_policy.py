"""What carriers and shops call things, and how a parcel is shown. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yizhan.foundation.errors import Invalid
from yizhan.records.orders import OrderStatus, ParcelEvent, ParcelState, Tracking, page_of, parcel_of, parcel_state_of


def test_a_parcel_state_is_understood_in_the_words_of_carriers() -> None:
    words = {"派件中": "out_for_delivery", "妥投": "delivered", "In Transit": "in_transit", "疑难": "exception"}
    assert {word: parcel_state_of(word).value for word in words} == words
    with pytest.raises(Invalid, match="one of: pending"):
        parcel_state_of("飞走了")


def test_the_newest_event_is_first_and_an_order_says_what_its_parcel_does_not() -> None:
    early, late = (ParcelEvent(datetime(2026, 3, day, tzinfo=UTC), f"第 {day} 天") for day in (1, 2))
    shown = parcel_of(Tracking("顺丰", "SF1", events=(early, late)), OrderStatus.SHIPPED)
    assert shown is not None
    assert shown.events == (late, early)
    assert shown.state is ParcelState.IN_TRANSIT
    held = parcel_of(Tracking("顺丰", "SF1", state=ParcelState.EXCEPTION), OrderStatus.DONE)
    assert held is not None
    assert held.state is ParcelState.EXCEPTION
    refunded = parcel_of(Tracking("顺丰", "SF1"), OrderStatus.REFUNDED)
    assert refunded is not None
    assert refunded.state is None, "nobody knows where it is"
    assert parcel_of(None, OrderStatus.SHIPPED) is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://shop.example", "https://", "https://a b", "https://[::1"]
)
def test_only_a_page_of_the_web_is_the_page_of_an_order(url: str) -> None:
    with pytest.raises(Invalid):
        page_of(url)


def test_a_page_of_the_web_is_kept_and_none_is_none() -> None:
    assert page_of(" https://shop.example/o/1 ") == "https://shop.example/o/1"
    assert page_of("") == ""
