"""What goes over the wire about customers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.customers import Entry, Figures, ProfileField
from yizhan.desk.views import CustomerView
from yizhan.records.remarks import Remark
from yizhan.web.conversations.shapes import Words
from yizhan.web.visitors.shapes import TrailShape

Reason = Annotated[str, Meta(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class CustomerShape(CustomerView, frozen=True, kw_only=True):
    """360°: everything about a person in one answer. The timeline is in short; the trail is there for visitors.

    `pinned` are remarks to be read before the first word.
    """

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
    fields: dict[str, Any] | UnsetType = UNSET


class NewLink(msgspec.Struct):
    other: UUID
    reason: Words


class LinkMade(msgspec.Struct):
    id: UUID


class Reasoned(msgspec.Struct):
    reason: Reason


class Revealed(msgspec.Struct):
    value: str
