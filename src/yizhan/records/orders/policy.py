"""What the words of other systems mean. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from msgspec.structs import replace

from yizhan.foundation.errors import Invalid
from yizhan.records.orders.model import OrderStatus, ParcelState, Tracking

LONGEST_NUMBER = 60
_LONGEST_URL = 1_000
MOST_FEN = 10**13
_CURRENCY = re.compile(r"[A-Z]{3}")
_S = OrderStatus
_WORDS = {
    _S.PLACED: "待付款 待支付 已下单 未付款 created pending unpaid new",
    _S.PAID: "已付款 已支付 待发货 processing unshipped",
    _S.SHIPPED: "已发货 待收货 运输中 配送中 in_transit",
    _S.DELIVERED: "已签收 已送达 已收货 received",
    _S.DONE: "已完成 交易成功 完成 completed complete finished closed",
    _S.CANCELLED: "已取消 已关闭 交易关闭 取消 canceled",
    _S.REFUNDING: "退款中 售后中 退货中 return_requested",
    _S.REFUNDED: "已退款 已退货 退款成功 returned",
}
_STATUS = {word: status for status, words in _WORDS.items() for word in (status.value, *words.split())}
_P = ParcelState
_PARCEL_WORDS = {
    _P.PENDING: "待揽收 未揽收 待发出 info_received label_created",
    _P.COLLECTED: "已揽收 已揽件 揽收 揽件 已收件 picked_up accepted",
    _P.IN_TRANSIT: "运输中 在途 在途中 转运中 已发出 transit intransit shipped",
    _P.OUT_FOR_DELIVERY: "派送中 派件中 派件 配送中 outfordelivery delivering",
    _P.AT_PICKUP: "待取件 待自提 已到站 已入柜 available_for_pickup ready_for_pickup",
    _P.DELIVERED: "已签收 签收 已送达 妥投 已妥投",
    _P.EXCEPTION: "异常 疑难 派送失败 滞留 拒收 问题件 failed attempt_fail failed_attempt",
    _P.RETURNED: "退回 已退回 退签 退回中 return returned_to_sender",
}
_PARCEL = {word: state for state, words in _PARCEL_WORDS.items() for word in (state.value, *words.split())}
_SAYS = {_S.SHIPPED: _P.IN_TRANSIT, _S.DELIVERED: _P.DELIVERED, _S.DONE: _P.DELIVERED}


def status_of(word: str) -> OrderStatus:
    """By our key or by what shops call it."""
    found = _STATUS.get(word.strip().lower())
    if found is None:
        raise Invalid(f"a status is one of: {', '.join(OrderStatus)}", "status")
    return found


def parcel_state_of(word: str) -> ParcelState:
    """By our key or by what carriers call it."""
    found = _PARCEL.get(word.strip().lower().replace(" ", "_"))
    if found is None:
        raise Invalid(f"the state of a parcel is one of: {', '.join(ParcelState)}", "tracking.state")
    return found


def parcel_of(tracking: Tracking | None, status: OrderStatus) -> Tracking | None:
    """As it is shown: the newest event first, and where nobody told how far it is, what the order says of that."""
    if tracking is None:
        return None
    events = tuple(sorted(tracking.events, key=lambda each: each.at, reverse=True))
    return replace(tracking, state=tracking.state or _SAYS.get(status), events=events)


def page_of(url: str) -> str:
    """The address of an order's page: only of the web, for customers will tap it."""
    given = url.strip()
    if len(given) > _LONGEST_URL or any(not each.isprintable() or each.isspace() for each in given):
        raise Invalid(f"an address has at most {_LONGEST_URL} characters and no spaces", "url")
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = None
    if given and (parts is None or parts.scheme not in ("http", "https") or not parts.hostname):
        raise Invalid("an address begins with https://", "url")
    return given


def fen_of(yuan: str) -> int:
    """Money as people write it: 1,299.00, ￥99, 99.9元."""
    text = yuan.strip().strip("¥￥元").replace(",", "").replace("，", "").strip()
    try:
        exact = Decimal(text) * 100
    except InvalidOperation:
        raise Invalid("money is written like 1299.00") from None
    if not exact.is_finite() or exact != exact.to_integral_value() or not 0 <= exact <= MOST_FEN:
        raise Invalid("money is written like 1299.00")
    return int(exact)


def number_of(given: str) -> str:
    number = given.strip()
    if not 0 < len(number) <= LONGEST_NUMBER or any(not each.isprintable() for each in number):
        raise Invalid(f"an order number has 1 to {LONGEST_NUMBER} characters", "number")
    return number


def masked(number: str) -> str:
    """As much of a number as tells orders apart to who has it before him."""
    return f"***{number[-4:]}" if len(number) > 6 else "***"


def currency_of(given: str) -> str:
    code = given.strip().upper() or "CNY"
    if not _CURRENCY.fullmatch(code):
        raise Invalid("a currency is three letters, such as CNY", "currency")
    return code
