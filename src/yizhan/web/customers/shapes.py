"""What goes over the wire about the list of customers, their timelines, tags and remarks."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.customers import CustomerRow, Entry
from yizhan.records.profiles import Value
from yizhan.records.remarks import LONGEST_REMARK, LONGEST_TAG, MOST_TAGS

TagName = Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^\x00]*$")]
TagNames = Annotated[list[TagName], Meta(max_length=MOST_TAGS)]


class CustomerRows(msgspec.Struct):
    items: list[CustomerRow]


class TimelinePage(msgspec.Struct):
    items: list[Entry]
    next: str | None


class CustomerTags(msgspec.Struct):
    items: list[str]


class TagWish(msgspec.Struct):
    add: TagNames = []
    remove: TagNames = []


class RemarkWish(msgspec.Struct):
    """A pinned one is read before the first word."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_REMARK, pattern=r"^[^\x00]*$")]
    pinned: bool = False


class RemarkPin(msgspec.Struct):
    pinned: bool


class FieldReason(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class FieldValue(msgspec.Struct):
    value: Value
