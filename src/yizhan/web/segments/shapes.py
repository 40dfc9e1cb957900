"""What goes over the wire about segments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.customers import CustomerRow
from yizhan.desk.segments import SegmentTitle, Totals
from yizhan.web.config import FieldShape

Color = Literal["", "blue", "green", "amber", "red", "violet"]
Version = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class SegmentUse(msgspec.Struct):
    """A document in force whose conditions ask for a segment; `zh` and `en` are what its kind is called."""

    kind: str
    name: str
    title: str
    zh: str
    en: str


class SegmentShape(msgspec.Struct):
    """`zh` and `en` are the condition in words. `version` is that of its document."""

    key: str
    title: SegmentTitle
    note: str
    note_en: str
    color: Color
    when: Any
    zh: str
    en: str
    members: int
    version: int
    uses: list[SegmentUse]
    broken: str | None = None


class SegmentList(msgspec.Struct):
    """Of `known` people. Not `settled` while members are being found by new rules."""

    items: list[SegmentShape]
    known: int
    settled: bool


class SegmentChoice(msgspec.Struct):
    """A value of the field `what`, and what people call it."""

    what: str
    key: str
    zh: str
    en: str


class SegmentFields(msgspec.Struct):
    items: list[FieldShape]
    choices: list[SegmentChoice]


class SegmentAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: dict[str, Any] | list[Any]


class SegmentFit(msgspec.Struct):
    """How many a condition fits just now, and some of them whom the viewer may see."""

    fit: int
    known: int
    some: list[CustomerRow]


class SegmentDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`expected` is the version the editor started from, 0 for a new one."""

    title: SegmentTitle
    when: dict[str, Any] | list[Any]
    note: Annotated[str, Meta(max_length=300)] = ""
    note_en: Annotated[str, Meta(max_length=300)] = ""
    color: Color = ""
    expected: Version | None = None


class SegmentReport(msgspec.Struct):
    """What the people of a segment come to, beside everybody."""

    segment: Totals
    everybody: Totals


class SegmentOf(msgspec.Struct):
    """A segment somebody is in."""

    key: str
    title: SegmentTitle
    color: Color
    since: datetime


class SegmentsOf(msgspec.Struct):
    items: list[SegmentOf]
