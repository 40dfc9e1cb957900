"""Whether a value is written as the standards of this house have it. Pure.

Whatever comes in now is written so or refused; what came before a standard, or by another way, shows here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from yizhan.desk.sources import ProfileRules, masked
from yizhan.desk.standards.model import IDENTIFIER, Count, Example, Looked, Whole
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import pii
from yizhan.records import contacts
from yizhan.records.profiles import LEVEL, NAME, FieldSpec, Value, standard, standard_level, standard_name

OTHERWISE = "not written as the standard has it"
UNKNOWN = "there is no such field"
_MOST_EXAMPLES = 5
_LONGEST = 40
_UNCHECKED = frozenset({"visitor", "device"})  # numbers of our own


def look(one: Whole, rules: ProfileRules) -> Iterator[Looked]:
    """Every value of a contact that has a standard."""
    yield from _card(one)
    for source, fields in one.records.items():
        for key, value in fields.items():
            if key not in (NAME, LEVEL):
                yield _field(one.id, source, key, value, rules)
    known = {each.key for each in contacts.kinds_in_force().kinds} - _UNCHECKED
    for kind, value in one.identifiers:
        if kind in known:  # what a channel numbers its senders by has no standard of ours
            yield _identifier(one.id, kind, value)


def counted(looked: Iterable[Looked]) -> list[Count]:
    """Of one step, to be added to those before."""
    found: dict[tuple[str, str, str], tuple[int, list[Example]]] = {}
    for each in looked:
        for problem in ("", each.problem) if each.problem else ("",):
            number, examples = found.get((each.field, each.source, problem), (0, []))
            kept = [each.example] if problem and each.example and len(examples) < _MOST_EXAMPLES else []
            found[each.field, each.source, problem] = (number + 1, [*examples, *kept])
    return [Count(*key, number, examples) for key, (number, examples) in sorted(found.items())]


def _card(one: Whole) -> Iterator[Looked]:
    source = next((source for source, fields in one.records.items() if fields.get(NAME) == one.name), "")
    wrong = _wrong(lambda: standard_name(one.name), one.name)
    yield Looked(NAME, source, wrong, Example(one.id, _first(one.name)) if wrong else None)
    wrong = _wrong(lambda: standard_level(one.level), one.level)
    yield Looked(LEVEL, "", wrong, Example(one.id, str(one.level)) if wrong else None)


def _field(contact: UUID, source: str, key: str, value: Value, rules: ProfileRules) -> Looked:
    spec = rules.fields.get(key)
    if spec is None:
        return Looked(key, source, UNKNOWN, Example(contact, "***"))
    wrong = _wrong(lambda: standard(spec, value, rules.zone), value)
    return Looked(key, source, wrong, Example(contact, _shown(spec, value)) if wrong else None)


def _identifier(contact: UUID, kind: str, value: str) -> Looked:
    wrong = _wrong(lambda: contacts.normalise(kind, value), value)
    return Looked(IDENTIFIER + kind, "", wrong, Example(contact, contacts.mask(kind, value)) if wrong else None)


def _wrong(written: Callable[[], Value], value: Value) -> str | None:
    try:
        return None if written() == value else OTHERWISE
    except Invalid as wrong:
        return wrong.message


def _shown(spec: FieldSpec, value: Value) -> str:
    return masked(spec, value) if spec.personal else pii.mask(str(value))[:_LONGEST]


def _first(name: str) -> str:
    return name[:1] + "*" * min(max(len(name) - 1, 1), 8)
