"""Configuration documents on the wire. A document's body is JSON of its kind; the kind checks it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import OPS, Field
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Advice, Change, Document, DocumentChange, Kind, Release, in_chinese
from yizhan.web.shapes import Line

Version = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`expected` is the version the editor started from, 0 for a new document."""

    body: dict[str, Any]
    expected: Version | None = None
    note: Line = ""


class PickShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    name: str
    version: Version


class NewRelease(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without picks all drafts are released. `expected` is the release the person looked at."""

    picks: Annotated[list[PickShape], Meta(max_length=1000)] | None = None
    expected: Version | None = None
    note: Line = ""


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: Line = ""


class DocumentShape(msgspec.Struct, frozen=True):
    """Without a body the version says that the document is to be removed."""

    kind: str
    name: str
    version: int
    body: dict[str, Any] | None
    created_at: datetime
    created_by: str
    note: str


class ChangeShape(msgspec.Struct, frozen=True):
    path: str
    before: Any
    after: Any
    added: bool
    removed: bool


class DocumentChangeShape(msgspec.Struct, frozen=True):
    kind: str
    name: str
    before: int | None
    after: int | None
    changes: list[ChangeShape]


class ReleaseShape(msgspec.Struct, frozen=True):
    number: int
    parent: int | None
    released_at: datetime
    released_by: str
    note: str


class TitleShape(msgspec.Struct, frozen=True):
    zh: str
    en: str


class FieldShape(msgspec.Struct, frozen=True):
    """One thing a condition may ask about: `{"field": name, "op": one of ops, "value": …}`."""

    name: str
    type: str
    title: TitleShape
    ops: list[str]
    choices: list[str]


class KindShape(msgspec.Struct, frozen=True):
    """`schema` is JSON Schema 2020-12; `default` what a new document may begin with.

    `fields` are what its conditions ask about. Of a kind `by_place` documents may stand over the house's own for their
    inboxes and teams.
    """

    name: str
    title: TitleShape
    schema: dict[str, Any]
    default: Any
    fields: list[FieldShape]
    by_place: bool


class KindList(msgspec.Struct, frozen=True):
    items: list[KindShape]


class ConfigurationShape(msgspec.Struct, frozen=True):
    """What is in force. `release` is 0 before the first one."""

    kinds: list[str]
    release: int
    items: list[DocumentShape]


class AdviceShape(msgspec.Struct, frozen=True):
    """What may be meant, at its place, in both languages."""

    field: str
    en: str
    zh: str


class CheckedShape(msgspec.Struct, frozen=True):
    """`wrong` is what saving would refuse, `advice` what it would only tell."""

    wrong: AdviceShape | None
    advice: list[AdviceShape]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: dict[str, Any]


class History(msgspec.Struct, frozen=True):
    items: list[DocumentShape]


class Differences(msgspec.Struct, frozen=True):
    items: list[DocumentChangeShape]


class Releases(msgspec.Struct, frozen=True):
    items: list[ReleaseShape]
    next: str | None


_NAMES = {field.name: field.zh for field in WORK_FIELDS}


def advice_shape(of: Advice) -> AdviceShape:
    return AdviceShape(of.field, of.message, in_chinese(of.message, _NAMES) or of.message)


def wrong_shape(of: Invalid) -> AdviceShape:
    return AdviceShape(of.field or "", of.message, in_chinese(of.message, _NAMES) or of.message)


def field_shapes(fields: Iterable[Field]) -> list[FieldShape]:
    return [
        FieldShape(each.name, each.type, TitleShape(each.zh, each.en), sorted(OPS[each.type]), list(each.choices))
        for each in fields
    ]


def kind_shape(of: Kind[Any], own: Iterable[Field] = ()) -> KindShape:
    """`own` are the tickets' own fields, for kinds whose conditions may ask for them."""
    chinese, english = of.title
    default = None if of.default is None else msgspec.to_builtins(of.default)
    title = TitleShape(chinese or of.name, english or of.name)
    fields = field_shapes([*(of.fields or ()), *(own if of.fields is not None and of.fields.loose == OWN else ())])
    by_place = {"inboxes", "teams"} <= set(of.shape.__struct_fields__)
    return KindShape(of.name, title, msgspec.json.schema(of.shape), default, fields, by_place)


def document_shape(of: Document) -> DocumentShape:
    return DocumentShape(of.kind, of.name, of.version, of.body, of.created_at, of.created_by, of.note)


def difference_shape(of: DocumentChange) -> DocumentChangeShape:
    return DocumentChangeShape(of.kind, of.name, of.before, of.after, [_change(change) for change in of.changes])


def _change(of: Change) -> ChangeShape:
    return ChangeShape(of.path, of.before, of.after, of.added, of.removed)


def release_shape(of: Release) -> ReleaseShape:
    return ReleaseShape(of.number, of.parent, of.released_at, of.released_by, of.note)
