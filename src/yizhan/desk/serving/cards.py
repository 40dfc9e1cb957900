"""订单卡片: an order of a customer, as his channel can show it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from yizhan.records.orders import Order, OrderStatus, ParcelState, parcel_of

_MOST_THINGS = 3
_S, _P = OrderStatus, ParcelState
_STATUS: Mapping[OrderStatus, tuple[str, str]] = {
    _S.PLACED: ("待付款", "to be paid"), _S.PAID: ("已付款", "paid"), _S.SHIPPED: ("已发货", "shipped"),
    _S.DELIVERED: ("已签收", "delivered"), _S.DONE: ("已完成", "completed"), _S.CANCELLED: ("已取消", "cancelled"),
    _S.REFUNDING: ("退款中", "being refunded"), _S.REFUNDED: ("已退款", "refunded"),
}  # fmt: skip
_PARCEL: Mapping[ParcelState, tuple[str, str]] = {
    _P.PENDING: ("待揽收", "not yet collected"), _P.COLLECTED: ("已揽收", "collected"),
    _P.IN_TRANSIT: ("运输中", "on its way"), _P.OUT_FOR_DELIVERY: ("派送中", "out for delivery"),
    _P.AT_PICKUP: ("待取件", "ready for pick-up"), _P.DELIVERED: ("已签收", "delivered"),
    _P.EXCEPTION: ("派送异常", "held up"), _P.RETURNED: ("已退回", "returned"),
}  # fmt: skip


class OrderCard(NamedTuple):
    """A message: its kind, its words, and what its channel draws."""

    kind: str
    text: str
    payload: dict[str, Any] | None


def order_card(order: Order, kinds: Collection[str], *, english: bool) -> OrderCard:
    """Of the `kinds` a channel has: an order, else a link to the shop's page of it, else its words."""
    state = _STATUS[order.status][english]
    head = f"Order {order.number} · {state}" if english else f"订单 {order.number} · {state}"
    things, price, url = _things(order, english), _price(order), order.document.url
    if "order" in kinds:
        told = {"number": order.number, "title": things, "price": price, "state": state, "url": url}
        return OrderCard("order", head, {key: value for key, value in told.items() if value})
    if "link" in kinds and url:
        return OrderCard("link", head, {"title": head, "text": f"{things} · {price}".strip(" ·"), "url": url})
    return OrderCard("text", "\n".join(filter(None, (head, things, price, _parcel(order, english), url))), None)


def _things(order: Order, english: bool) -> str:
    lines = order.document.lines
    named = [f"{each.title or each.sku}{f' ×{each.count}' if each.count > 1 else ''}" for each in lines[:_MOST_THINGS]]
    more = ("、…", ", …")[english] if len(lines) > _MOST_THINGS else ""
    return ("、", ", ")[english].join(named) + more


def _price(order: Order) -> str:
    amount = f"{order.total_fen / 100:,.2f}"
    return f"¥{amount}" if order.currency == "CNY" else f"{order.currency} {amount}"


def _parcel(order: Order, english: bool) -> str:
    parcel = parcel_of(order.document.tracking, order.status)
    if parcel is None or not parcel.number:
        return ""
    state = f" · {_PARCEL[parcel.state][english]}" if parcel.state else ""
    return f"{parcel.carrier} {parcel.number}".strip() + state
