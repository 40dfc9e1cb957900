"""What goes over the wire about customers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.customers import Entry, Figures, ProfileField
from yizhan.desk.sources import FieldSaid
from yizhan.desk.views import CustomerView
from yizhan.records.profiles import FieldSpec, Value
from yizhan.records.remarks import Remark
from yizhan.web.conversations.shapes import Words
from yizhan.web.visitors.shapes import TrailShape

Reason = Annotated[str, Meta(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class CustomerShape(CustomerView, frozen=True, kw_only=True):
    """360°: everything about a person in one answer. The timeline is in short; the trail is there for visitors.

    `pinned` are remarks to be read before the first word; `verified` is 已核身.
    """

    verified: bool
    tags: list[str]
    pinned: list[Remark]
    figures: Figures
    profile: list[ProfileField]
    timeline: list[Entry]
    trail: TrailShape | None = None


class ContactChange(msgspec.Struct):
    version: int
    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*$")] | UnsetType = UNSET
    level: Annotated[int, Meta(ge=0, le=9)] | UnsetType = UNSET
    fields: dict[str, Value] | UnsetType = UNSET


class FieldHistory(msgspec.Struct):
    items: list[FieldSaid]


class FieldChoice(msgspec.Struct):
    key: str
    zh: str
    en: str


class CustomerField(msgspec.Struct):
    """`type` is text, number, date, moment, bool or choice; only a choice has `options`."""

    key: str
    zh: str
    en: str
    type: str
    personal: bool
    options: list[FieldChoice]


class CustomerFields(msgspec.Struct):
    items: list[CustomerField]


def field_shape(spec: FieldSpec) -> CustomerField:
    options = [FieldChoice(each.key, each.zh, each.en) for each in spec.options]
    return CustomerField(spec.key, spec.zh, spec.en, spec.type, spec.personal, options)


class NewLink(msgspec.Struct):
    other: UUID
    reason: Words


class LinkMade(msgspec.Struct):
    id: UUID


class Reasoned(msgspec.Struct):
    reason: Reason


class Revealed(msgspec.Struct):
    value: str
