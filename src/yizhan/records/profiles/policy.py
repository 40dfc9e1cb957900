"""What a row changes of what its source said, and which source is believed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yizhan.records.profiles.model import Record, Replaced, Said, Value


class Taken(NamedTuple):
    """`record` is None where nothing is taken: the row says what is known, or is `older` than that."""

    record: Record | None
    replaced: tuple[Replaced, ...] = ()
    older: bool = False


def take(
    known: Record | None, contact_id: UUID, source: str, values: Mapping[str, Value], at: datetime,
    by: str | None = None,
) -> Taken:  # fmt: skip
    """A row says what it names and leaves the rest as it was; None takes back."""
    if known is not None and at < known.at:
        return Taken(None, older=True)
    before = dict(known.fields) if known is not None else {}
    changed = {
        key: value for key, value in values.items()
        if (key in before or value is not None) and (key not in before or not _same(before[key].value, value))
    }  # fmt: skip
    if known is not None and not changed:
        return Taken(None)
    after = dict(before)
    for key, value in changed.items():
        if value is None:
            after.pop(key, None)
        else:
            after[key] = Said(value, at, by)
    past = [Replaced(key, said.value, said.since, at, said.by) for key in changed if (said := before.get(key))]
    return Taken(Record(contact_id, source, after, at), tuple(past))


def winner(records: Iterable[Record], key: str, order: Sequence[str]) -> tuple[str, Said] | None:
    """The first source of the order that says something; among the others whoever said it last, then by name."""
    said = [(each.source, each.fields[key]) for each in records if key in each.fields]
    behind = precedence(order)
    return min(said, key=lambda one: behind(one[0], one[1].since), default=None)


def precedence(order: Sequence[str]) -> Callable[[str, datetime], tuple[int, float, str]]:
    """The smallest is believed."""
    rank = {source: place for place, source in enumerate(order)}
    return lambda source, since: (rank.get(source, len(rank)), -since.timestamp(), source)


def _same(before: Value, after: Value) -> bool:
    """True is not 1 here."""
    return type(before) is type(after) and before == after
