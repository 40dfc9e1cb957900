"""The words of quick replies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec


class GuideStep(StrEnum):
    """The four steps of an answer."""

    GREETING = "greeting"
    ANSWER = "answer"
    CONFIRM = "confirm"
    CLOSING = "closing"


class Fact(StrEnum):
    """What a reply of its kind must say; who leaves it out is warned."""

    ORDER = "order"
    AMOUNT = "amount"
    DATE = "date"
    PHONE = "phone"
    ADDRESS = "address"
    PARCEL = "parcel"


FACTS = tuple(Fact)

GAPS: Mapping[str, tuple[str, str]] = {
    "customer": ("客户", "customer"),
    "order": ("订单号", "order number"),
    "arrival": ("到货日期", "arrival date"),
    "carrier": ("快递公司", "carrier"),
    "parcel": ("运单号", "parcel number"),
    "agent": ("客服", "agent"),
    "inbox": ("接入点", "inbox"),
    "brand": ("业务线", "business line"),
    "ticket": ("工单号", "ticket number"),
}
"""What may stand in {{…}}, and how people call it in both languages; either name is understood."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a conversation just now. What must not be told before somebody has shown who he is is absent."""

    customer: str | None
    order: str | None
    arrival: date | None
    carrier: str | None
    parcel: str | None
    agent: str
    inbox: str
    brand: str | None
    ticket: int | None


class OwnReply(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    text: str
    types: list[str]
    version: int
