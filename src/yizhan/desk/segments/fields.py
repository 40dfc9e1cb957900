"""What may be asked about a customer: declared once, with the column of the facts each is read from."""

from __future__ import annotations

from collections.abc import Iterable

from yizhan.foundation.conditions import Field, FieldSet, FieldType
from yizhan.records.profiles import FieldSpec
from yizhan.records.profiles import FieldType as Kept

PROFILE = "profile."
"""Before the key of a field of the profile: `profile.city`."""

_CHANNELS = ("webchat", "email", "generic", "voice")
_STARS = ("1", "2", "3", "4", "5")


def _field(
    name: str, type: FieldType, zh: str, en: str, *, choices: tuple[str, ...] = (), least: float | None = None
) -> Field:
    return Field(name, type, zh, en, column=name, choices=choices, least=least)


def _number(name: str, zh: str, en: str) -> Field:
    return _field(name, FieldType.NUMBER, zh, en, least=0)


def _time(name: str, zh: str, en: str) -> Field:
    return _field(name, FieldType.TIME, zh, en)


_FIELDS = (
    _number("level", "会员等级", "membership level"),
    _time("known_since", "建档时间", "known since"),
    _field("language", FieldType.TEXT, "语言", "language", choices=("zh", "en")),
    _field("identifiers", FieldType.LIST, "已有的身份标识", "identifiers on file"),
    _field("tags", FieldType.LIST, "客户标签", "customer tags"),
    _field("brands", FieldType.LIST, "往来的业务线", "brands dealt with"),
    _number("visits", "网站访问次数", "visits to the site"),
    _number("pages", "浏览页面数", "pages viewed"),
    _time("visited_at", "最近访问网站", "last visit to the site"),
    _field("cart", FieldType.BOOL, "购物车里有商品", "something in the cart"),
    _number("orders", "订单数", "orders"),
    _number("orders_30d", "近 30 天订单数", "orders in 30 days"),
    _number("open_orders", "未完成订单数", "orders under way"),
    _number("refunds", "退款订单数", "refunded orders"),
    _number("spent", "累计消费(元)", "spent in all (yuan)"),
    _number("spent_365d", "近 12 个月消费(元)", "spent in 12 months (yuan)"),
    _time("first_order_at", "首次下单", "first order"),
    _time("last_order_at", "最近下单", "last order"),
    _field("channel", FieldType.TEXT, "最近会话的渠道", "channel of the last conversation", choices=_CHANNELS),
    _time("contacted_at", "最近联系", "last contact"),
    _number("conversations", "会话数", "conversations"),
    _number("tickets", "工单数", "tickets"),
    _number("tickets_30d", "近 30 天工单数", "tickets in 30 days"),
    _number("open_tickets", "未完成工单数", "open tickets"),
    _field("ticket_tags", FieldType.LIST, "工单标签", "tags of tickets"),
    _number("complaints", "投诉数", "complaints"),
    _number("complaints_30d", "近 30 天投诉数", "complaints in 30 days"),
    _time("complained_at", "最近投诉", "last complaint"),
    _number("ratings", "评价数", "ratings"),
    _number("csat", "平均评分", "average rating"),
    _field("last_stars", FieldType.NUMBER, "最近一次评分", "last rating", choices=_STARS, least=1),
    _time("rated_at", "最近评价", "last rated"),
)  # fmt: skip

SEGMENT_FIELDS = FieldSet(_FIELDS, loose=PROFILE)
"""Which fields a profile has is for the release to say: until that is asked they are of what they are compared with."""

_TYPES = {
    Kept.TEXT: (FieldType.TEXT, "told_text"),
    Kept.CHOICE: (FieldType.TEXT, "told_text"),
    Kept.NUMBER: (FieldType.NUMBER, "told_number"),
    Kept.BOOL: (FieldType.BOOL, "told_flag"),
    Kept.DATE: (FieldType.TIME, "told_time"),
    Kept.MOMENT: (FieldType.TIME, "told_time"),
}


def fields_with(profile: Iterable[FieldSpec]) -> FieldSet:
    """With those of the profile that are not personal: what is sealed cannot be searched."""
    return FieldSet([*_FIELDS, *(_told(spec) for spec in profile if not spec.personal)])


def _told(spec: FieldSpec) -> Field:
    type, read = _TYPES[spec.type]
    return Field(
        PROFILE + spec.key, type, spec.zh, spec.en, column=f"{read}(fields, '{spec.key}')",
        choices=tuple(option.key for option in spec.options),
    )  # fmt: skip
