"""What the words of other systems mean. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from yizhan.foundation.errors import Invalid
from yizhan.records.orders.model import OrderStatus

LONGEST_NUMBER = 60
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


def status_of(word: str) -> OrderStatus:
    """By our key or by what shops call it."""
    found = _STATUS.get(word.strip().lower())
    if found is None:
        raise Invalid(f"a status is one of: {', '.join(OrderStatus)}", "status")
    return found


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
