"""The document `segment`: a name, and the condition by which somebody is in it. Its own name never changes: rules say
it; what people read is the title."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from yizhan.desk.segments.fields import SEGMENT_FIELDS, fields_with
from yizhan.desk.sources import PROFILE as PROFILE_KIND
from yizhan.foundation.conditions import Condition, FieldSet, always_holds, contradiction, parse
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Advice, Around, Kind, Published

MOST = 200
"""Segments of a house: each is judged for everybody of whom something changed."""

_Words = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]


class SegmentTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: _Words
    en: _Words


class SegmentDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`note` says what it is for, in Chinese; `note_en` in English, where somebody wrote it."""

    title: SegmentTitle
    when: dict[str, Any] | list[Any]
    note: Annotated[str, Meta(max_length=300)] = ""
    note_en: Annotated[str, Meta(max_length=300)] = ""
    color: Literal["", "blue", "green", "amber", "red", "violet"] = ""


def fields_of(published: Published) -> FieldSet:
    profile = published.find(PROFILE_KIND, DEFAULT) or PROFILE_KIND.default
    return fields_with(profile.fields if profile is not None else ())


def condition_of(document: SegmentDocument, fields: FieldSet) -> Condition:
    """Raises Invalid, whose field begins with `when`."""
    try:
        return parse(document.when, fields)
    except Invalid as wrong:
        raise Invalid(wrong.message, f"when.{wrong.field}" if wrong.field else "when") from None


def check(document: SegmentDocument) -> None:
    """Raises Invalid with the place of the fault."""
    if reason := contradiction(condition_of(document, SEGMENT_FIELDS)):
        raise Invalid(f"nobody can ever be in this segment: {reason}", "when")


def _fits(document: SegmentDocument, among: Published) -> None:
    """Fields of the profile are there, and of a type that can be asked so."""
    condition_of(document, fields_of(among))
    if len(among.all(SEGMENT)) > MOST:
        raise Invalid(f"at most {MOST} segments", "")


def _advise(document: SegmentDocument, around: Around) -> Iterable[Advice]:
    if always_holds(condition_of(document, fields_of(around.published))):
        yield Advice("when", "everybody is in this segment")


SEGMENT = Kind(
    "segment", SegmentDocument, check, fits=_fits, advise=_advise, fields=SEGMENT_FIELDS,
    title=("客户分层", "Customer segment"),
)  # fmt: skip
