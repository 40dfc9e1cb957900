"""What is known of a contact, field by field: who said it, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

Value: TypeAlias = str | int | float | bool | None
"""As it is kept. Dates are YYYY-MM-DD, instants RFC 3339 in UTC; None takes back what was said."""

NAME, LEVEL = "name", "level"
"""Fields every contact has: they stand in his row itself."""

BY_HAND = "manual"
"""The source that is a person of the house."""

FieldKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SourceKey = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Word = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BOOL = "bool"
    CHOICE = "choice"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: FieldKey
    zh: Word
    en: Word


class FieldSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`personal` is sealed with the contact's own key and shown masked. `format` is a regular expression for the whole
    text. `sources` come first in this order where several say something; without any those of the document count."""

    key: FieldKey
    zh: Word
    en: Word
    type: FieldType = FieldType.TEXT
    personal: bool = False
    format: Annotated[str, Meta(max_length=200)] = ""
    options: Annotated[tuple[Option, ...], Meta(max_length=100)] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: Annotated[int, Meta(ge=1, le=2000)] = 200
    sources: Annotated[tuple[SourceKey, ...], Meta(max_length=20)] = ()


class Said(msgspec.Struct, frozen=True):
    """`by` is the actor who wrote it by hand; what a system says, the system says."""

    value: Value
    since: datetime
    by: str | None = None


class Record(msgspec.Struct, frozen=True):
    """All that one source says of one contact; personal values are in clear here."""

    contact_id: UUID
    source: str
    fields: Mapping[str, Said]
    at: datetime

    def said(self, key: str) -> Said | None:
        return self.fields.get(key)


class Replaced(msgspec.Struct, frozen=True):
    """What a source said until `until`."""

    field: str
    value: Value
    since: datetime
    until: datetime
    said_by: str | None = None


class KeptRecord(msgspec.Struct, frozen=True):
    """As it lies in the table."""

    contact_id: UUID
    source: str
    fields: dict[str, tuple[Value, datetime]]
    sealed: bytes | None
    at: datetime
    hands: dict[str, str] = {}


class Past(msgspec.Struct, frozen=True):
    """A value that was replaced, as it lies in the table: `by` replaced it, `said_by` wrote it by hand."""

    id: UUID
    contact_id: UUID
    source: str
    field: str
    value: Value
    sealed: bytes | None
    since: datetime
    until: datetime
    by: str
    said_by: str | None = None
