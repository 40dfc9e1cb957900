"""The words of configuration."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from yizhan.foundation.conditions import FieldSet
from yizhan.foundation.errors import Invalid

T = TypeVar("T")

Body: TypeAlias = dict[str, Any]
"""A document as JSON; only its kind knows more."""

SAVED = "config.saved"
"""Event: a version was written. Subject: the document; data: kind, name, version, removed."""
DEFAULT = "default"
"""The name of the document that counts for the whole house, where a kind has one."""

RELEASED = "config.released"
"""Event: another set is in force. Subject: the release; data: number, documents as [kind, name, version or null]."""

_PLACE = re.compile(r" - at (?:`key` in )?`\$\.?([^`]*)`$")


class Ref(msgspec.Struct, frozen=True, order=True):
    """Names a document whatever its version. Names are for machines; a title for people is in the body."""

    kind: str
    name: str


class Pick(msgspec.Struct, frozen=True):
    """One version to be released."""

    kind: str
    name: str
    version: int


class Document(msgspec.Struct, frozen=True):
    """One version. Without a body it says that the document is to be removed."""

    id: UUID
    kind: str
    name: str
    version: int
    body: Body | None
    created_at: datetime
    created_by: str
    note: str

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.name)


class Release(msgspec.Struct, frozen=True):
    """A whole set put in force at once; `parent` is the number of the release it replaced."""

    id: UUID
    number: int
    parent: int | None
    released_at: datetime
    released_by: str
    note: str


class Change(msgspec.Struct, frozen=True):
    """One place in a document, as `targets[vip].minutes`. Absent is told apart from null by `added` and `removed`."""

    path: str
    before: Any = None
    after: Any = None
    added: bool = False
    removed: bool = False


class DocumentChange(msgspec.Struct, frozen=True):
    """What happens to one document between two sets; a version is None where the set has no such document."""

    kind: str
    name: str
    before: int | None
    after: int | None
    changes: tuple[Change, ...]


class Written(msgspec.Struct, frozen=True):
    """A document from outside, not saved yet."""

    kind: str
    name: str
    body: Body


class Places(msgspec.Struct, frozen=True):
    """What of the house documents may name: inboxes and teams by id, skills by key.

    `held` are the skills that somebody active has; None where that is not known. `keys` are those of brands, inboxes,
    roles and teams, by what conditions call them: `team`, `brand` …; `staffed` are teams somebody active is in, by id
    and key; `sms` are inboxes that send text messages, and `template` their keys each with a template's.
    """

    inboxes: frozenset[UUID] = frozenset()
    teams: frozenset[UUID] = frozenset()
    skills: frozenset[str] = frozenset()
    keys: Mapping[str, frozenset[str]] = {}
    held: frozenset[str] | None = None


class Advice(msgspec.Struct, frozen=True):
    """Something that may be meant, and is told when it is saved: the place, and a sentence."""

    field: str
    message: str


class Circular(Invalid):
    """Documents that lead back to where they began: never meant, and refused when the last of them is saved."""


class Kind(msgspec.Struct, Generic[T], frozen=True):
    """What documents of one kind are: a struct (let it forbid unknown fields), and what the struct cannot say.

    `check` raises Invalid, and `check_together` for documents of the kind that cannot be in force at once; `verify`
    for a document that names what the house does not have. `refers_to` names the documents that must be in the same
    release. `fields` are what its conditions may ask about; `default` is what a new house begins with,
    and `more` other documents by name. `fits` raises Invalid for a document that does not go with the others of a
    `Published`: with the newest ones where it is saved, with the whole set at its release. `advise` tells what may be
    meant: it is given an `Around`.
    """

    name: str
    shape: type[T]
    check: Callable[[T], None] | None = None
    refers_to: Callable[[T], Iterable[Ref]] | None = None
    check_together: Callable[[Mapping[str, T]], None] | None = None
    verify: Callable[[T, Places], None] | None = None
    title: tuple[str, str] = ("", "")
    fields: FieldSet | None = None
    default: T | None = None
    more: Mapping[str, T] = {}
    fits: Callable[[T, Any], None] | None = None
    advise: Callable[[T, Any], Iterable[Advice]] | None = None

    def decode(self, body: Body) -> T:
        """Raises Invalid with the path of the wrong part."""
        try:
            value = msgspec.convert(body, self.shape)
        except msgspec.ValidationError as wrong:
            place = _PLACE.search(str(wrong))
            raise Invalid(_PLACE.sub("", str(wrong)), place[1] if place else None) from None
        if self.check is not None:
            self.check(value)
        return value

    def references(self, value: T) -> Iterable[Ref]:
        return self.refers_to(value) if self.refers_to is not None else ()


class Kinds:
    """Every kind this process knows."""

    def __init__(self, kinds: Iterable[Kind[Any]]) -> None:
        self._kinds: dict[str, Kind[Any]] = {}
        for kind in kinds:
            if self._kinds.setdefault(kind.name, kind) is not kind:
                raise ValueError(f"two kinds of configuration are named {kind.name}")

    def __getitem__(self, name: str) -> Kind[Any]:
        try:
            return self._kinds[name]
        except KeyError:
            raise Invalid(f"there is no configuration of kind {name}", "kind") from None

    def __iter__(self) -> Iterator[Kind[Any]]:
        return iter(self._kinds.values())

    def __contains__(self, name: object) -> bool:
        return name in self._kinds


class RuleFault(msgspec.Struct, frozen=True):
    """`source` names the released documents, as decisions keep it; `rule` is the key of one of its rules, or empty."""

    kind: str
    source: str
    rule: str
    error: str
    times: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.source, self.rule


class CountedFault(msgspec.Struct, frozen=True):
    """A failure as people look it up."""

    kind: str
    source: str
    rule: str
    error: str
    first_at: datetime
    last_at: datetime
    times: int
