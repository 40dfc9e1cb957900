"""Decisions without a database: what a set of documents holds, whether it holds together, how two of them differ."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records.config.model import Body, Change, Document, DocumentChange, Kind, Kinds, Pick, Ref

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
_KEYS = ("id", "name", "key")
_ABSENT = object()


class Published:
    """A release in memory: every document decoded, nothing changes. Decisions note the version they used."""

    def __init__(self, kinds: Kinds, number: int, documents: Iterable[Document]) -> None:
        self.number = number
        self._documents = {document.ref: document for document in documents if document.body is not None}
        self._values: dict[str, dict[str, Any]] = {kind.name: {} for kind in kinds}
        for ref in sorted(self._documents):
            # A kind that this process does not know belongs to another process, or to a newer one.
            if ref.kind in kinds:
                self._values[ref.kind][ref.name] = _decode(kinds, self._documents[ref])

    def get(self, kind: Kind[T], name: str) -> T:
        """Raises NotFound."""
        value = self.find(kind, name)
        if value is None:
            raise NotFound(f"no {kind.name} named {name} is in force")
        return value

    def knows(self, kind: str) -> bool:
        return kind in self._values

    def find(self, kind: Kind[T], name: str) -> T | None:
        return self._values.get(kind.name, {}).get(name)

    def all(self, kind: Kind[T]) -> Mapping[str, T]:
        """By name, in the order of names."""
        return self._values[kind.name]

    def document(self, kind: str, name: str) -> Document:
        """Raises NotFound."""
        try:
            return self._documents[Ref(kind, name)]
        except KeyError:
            raise NotFound(f"no {kind} named {name} is in force") from None

    def documents(self) -> Sequence[Document]:
        return [self._documents[ref] for ref in sorted(self._documents)]

    def check_together(self, kinds: Kinds) -> None:
        """Raises Invalid for documents that contradict each other, or need another one which is not in the set."""
        for kind in kinds:
            if kind.check_together is not None:
                kind.check_together(self._values[kind.name])
        for ref in self._documents:
            if ref.kind not in kinds:
                continue
            self._check_fits(kinds[ref.kind], ref)
            for wanted in (*kinds[ref.kind].references(self._values[ref.kind][ref.name]), *self.asked(kinds, ref)):
                if wanted not in self._documents:
                    raise Invalid(
                        f"{ref.kind} {ref.name} refers to {wanted.kind} {wanted.name}, which would not be there",
                        f"{ref.kind}/{ref.name}",
                    )

    def asked(self, kinds: Kinds, ref: Ref) -> list[Ref]:
        """The documents that the conditions of this one ask for by name, of kinds that this process knows."""
        body = self._documents[ref].body or {}
        fields = [field for field in kinds[ref.kind].fields or () if field.document in kinds]
        return [Ref(str(field.document), name) for field in fields for name in named(body, field.name)]

    def _check_fits(self, kind: Kind[Any], ref: Ref) -> None:
        if kind.fits is None:
            return
        try:
            kind.fits(self._values[ref.kind][ref.name], self)
        except Invalid as wrong:
            where = f"{ref.kind}/{ref.name}" + (f": {wrong.field}" if wrong.field else "")
            raise Invalid(f"{ref.kind} {ref.name}: {wrong.message}", where) from None


def named(part: Any, field: str) -> Iterator[str]:
    """The values that conditions of a document ask this field for."""
    if isinstance(part, list):
        for each in part:
            yield from named(each, field)
    elif isinstance(part, dict):
        if part.get("field") == field and "op" in part:
            said = part.get("value")
            yield from (each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str))
        else:
            for each in part.values():
                yield from named(each, field)


def sources(said: str) -> list[Pick]:
    """The documents that `routing/default@3+night@1` names; none of what is built in."""
    kind, _, versions = said.partition("/")
    named = [each.rpartition("@") for each in versions.split("+") if each]
    return [Pick(kind, name, int(version)) for name, _, version in named if name and version.isdigit()]


def title_of(document: Document, english: bool = False) -> str:
    """What people call it: its title, or its name in one of both languages, else the name for machines."""
    body = document.body or {}
    said = (body.get("title_en") if english else None) or body.get("title") or body.get("name")
    if isinstance(said, dict):
        said = said.get("en" if english else "zh")
    return said if isinstance(said, str) and said else document.name


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Invalid("a name has up to 80 of a-z 0-9 _ . - and begins with a letter or digit", "name")


def next_set(current: Iterable[Document], picks: Iterable[Document]) -> list[Document]:
    """The set with the picked versions in place of others; a pick without a body takes its document out."""
    after = {document.ref: document for document in (*current, *picks)}
    return [after[ref] for ref in sorted(after) if after[ref].body is not None]


def diff_sets(before: Iterable[Document], after: Iterable[Document]) -> list[DocumentChange]:
    """Documents that differ, by kind and name; the same body under another version does not."""
    old, new = {d.ref: d for d in before}, {d.ref: d for d in after}
    found = []
    for ref in sorted(old.keys() | new.keys()):
        was, now = old.get(ref), new.get(ref)
        was_body, now_body = (was.body if was else None), (now.body if now else None)
        if same(was_body, now_body):
            continue
        was_version = was.version if was and was_body is not None else None
        now_version = now.version if now and now_body is not None else None
        changes = tuple(diff(was_body or {}, now_body or {}))
        found.append(DocumentChange(ref.kind, ref.name, was_version, now_version, changes))
    return found


def changed_documents(before: Published, after: Published) -> list[DocumentChange]:
    """What differs between two sets in memory, as `diff_sets` tells it."""
    return diff_sets(before.documents(), after.documents())


def same(before: Any, after: Any) -> bool:
    """Equal as JSON, where 1 and true are two things."""
    return msgspec.json.encode(before, order="deterministic") == msgspec.json.encode(after, order="deterministic")


def diff(before: Body, after: Body) -> list[Change]:
    """Every place that differs. Members of a list are matched by `id`, `name` or `key` where all have one."""
    return list(_differences("", before, after))


def _differences(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before is _ABSENT:
        yield Change(path, after=after, added=True)
    elif after is _ABSENT:
        yield Change(path, before=before, removed=True)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(inner, before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_differences(path, before, after)
    elif not same(before, after):
        yield Change(path, before, after)


def _list_differences(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    key = next((key for key in _KEYS if _is_keyed(before, key) and _is_keyed(after, key)), None)
    if key is None:
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else _ABSENT
            new = after[index] if index < len(after) else _ABSENT
            yield from _differences(f"{path}[{index}]", old, new)
        return
    old_members, new_members = {m[key]: m for m in before}, {m[key]: m for m in after}
    for name in dict.fromkeys((*old_members, *new_members)):
        yield from _differences(f"{path}[{name}]", old_members.get(name, _ABSENT), new_members.get(name, _ABSENT))
    if [name for name in old_members if name in new_members] != [name for name in new_members if name in old_members]:
        yield Change(f"{path}[]", list(old_members), list(new_members))


def _is_keyed(members: list[Any], key: str) -> bool:
    names = [member.get(key) for member in members if isinstance(member, dict)]
    return len(names) == len(members) == len({name for name in names if isinstance(name, str | int)})


def _decode(kinds: Kinds, document: Document) -> object:
    try:
        return kinds[document.kind].decode(document.body or {})
    except Invalid as wrong:
        where = f"{document.kind}/{document.name}" + (f": {wrong.field}" if wrong.field else "")
        raise Invalid(f"{document.kind} {document.name} version {document.version}: {wrong.message}", where) from None
