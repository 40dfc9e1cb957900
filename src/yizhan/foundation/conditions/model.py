"""The words of a condition: what can be asked of which kind of field."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

import msgspec


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    TIME = "time"
    ID = "id"
    LIST = "list"


class Op(StrEnum):
    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    IS_EMPTY = "is_empty"
    IS_SET = "is_set"
    WITHIN = "within"


_ANY_TYPE = frozenset({Op.IS_EMPTY, Op.IS_SET})
_CHOICE = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
_ORDER = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE})
OPS: dict[FieldType, frozenset[Op]] = {
    FieldType.TEXT: _ANY_TYPE | _CHOICE | {Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES},
    FieldType.NUMBER: _ANY_TYPE | _CHOICE | _ORDER,
    FieldType.BOOL: _ANY_TYPE | {Op.EQ, Op.NE},
    FieldType.TIME: _ANY_TYPE | _ORDER | {Op.WITHIN},
    FieldType.ID: _ANY_TYPE | _CHOICE,
    FieldType.LIST: _ANY_TYPE | {Op.CONTAINS, Op.IN, Op.NOT_IN},
}
"""What can be asked of each type. `in` and `not_in` on a list ask whether it shares a member with the value."""

Scalar: TypeAlias = str | int | float | bool | datetime | UUID
Value: TypeAlias = Scalar | tuple[str | int | float | UUID, ...] | None


class Field(msgspec.Struct, frozen=True):
    """One thing a condition may ask about.

    `column` is its SQL expression (None: it exists in memory only); it is written by us, never by a user.
    A list field holds texts. `choices` are offered by the form and not enforced, since they change over time, unless
    they are `closed`: then it is never anything else. `least` is the lowest a number can be. A `loose` one is kept as
    JSON by whoever filled it in: a text is read as the number or day it is compared with, and of several texts each is
    asked. `document` is the kind of documents whose names are its values.
    """

    name: str
    type: FieldType
    zh: str
    en: str
    column: str | None = None
    choices: tuple[str, ...] = ()
    loose: bool = False
    closed: bool = False
    least: float | None = None
    document: str | None = None


class FieldSet:
    """The fields of one use, by name and by their Chinese and English labels.

    What begins with `loose` is a field too, of which only another document knows whether it is there and what it holds:
    until that is asked, it is of the type that it is compared with.
    """

    def __init__(self, fields: Iterable[Field], loose: str = "") -> None:
        self.loose = loose
        self._by_name = {field.name: field for field in fields}
        self._by_label = {label.casefold(): field for field in self._by_name.values() for label in (field.zh, field.en)}

    def find(self, name: str) -> Field | None:
        return self._by_name.get(name) or self._by_label.get(name.casefold())

    def loosely(self, name: str, op: object, value: object) -> Field | None:
        if not self.loose or not name.startswith(self.loose) or len(name) == len(self.loose):
            return None
        return Field(name, _type_of(op, value), name, name, loose=True)

    def columns(self) -> dict[str, str]:
        """The whitelist for `compile_sql`: every field that has a column."""
        return {field.name: field.column for field in self if field.column is not None}

    def __iter__(self) -> Iterator[Field]:
        return iter(self._by_name.values())

    def __add__(self, other: "FieldSet") -> "FieldSet":
        return FieldSet([*self, *other])


def _type_of(op: object, value: object) -> FieldType:
    first = next(iter(value), None) if isinstance(value, list | tuple) else value
    if isinstance(first, bool):
        return FieldType.BOOL
    if isinstance(first, int | float) and op != Op.WITHIN:
        return FieldType.NUMBER
    return FieldType.TIME if op in (Op.GT, Op.GTE, Op.LT, Op.LTE, Op.WITHIN) else FieldType.TEXT


class Leaf(msgspec.Struct, frozen=True):
    """`value` is checked and converted: times are aware datetimes, ids UUIDs, several values a tuple."""

    field: Field
    op: Op
    value: Value = None


class All(msgspec.Struct, frozen=True):
    """True when every part is; true when empty."""

    parts: tuple["Condition", ...]


class Any(msgspec.Struct, frozen=True):
    """True when one part is; never empty."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True):
    part: "Condition"


Condition: TypeAlias = Leaf | All | Any | Not
