"""From JSON to a checked condition. Every refusal names the place: `all[2].op`."""

from collections.abc import Callable
from datetime import datetime
from math import isfinite
from uuid import UUID

from yizhan.foundation.conditions.model import (
    OPS,
    All,
    Any,
    Condition,
    Field,
    FieldSet,
    FieldType,
    Leaf,
    Not,
    Op,
    Value,
)
from yizhan.foundation.errors import Invalid

MAX_DEPTH = 8
MAX_NODES = 200
MAX_CHOICES = 500
MAX_TEXT = 1_000
MAX_PATTERN = 200
MAX_MINUTES = 10 * 366 * 24 * 60
_MAX_INTEGER = 2**63 - 1

_GROUPS = ("all", "any", "not")


def parse(tree: object, fields: FieldSet) -> Condition:
    """The condition a JSON tree means; a bare list means all of it, `{}` is always true.

    Raises Invalid, whose `field` is the path of the first fault.
    """
    return _Parser(fields).condition(tree, "", 1)


class _Parser:
    def __init__(self, fields: FieldSet) -> None:
        self._fields = fields
        self._nodes = 0

    def condition(self, tree: object, path: str, depth: int) -> Condition:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Invalid(f"more than {MAX_NODES} conditions", path)
        if depth > MAX_DEPTH:
            raise Invalid(f"nested deeper than {MAX_DEPTH}", path)
        if isinstance(tree, list | tuple):
            return self._all(list(tree), path, depth)
        if not isinstance(tree, dict):
            raise Invalid("a condition is an object", path)
        if not tree:
            return All(())
        group = next((name for name in _GROUPS if name in tree), None)
        if group is None:
            return self._leaf(tree, path)
        if len(tree) > 1:
            raise Invalid(f"nothing may stand beside {group}", path)
        return self._group(group, tree[group], _join(path, group), depth)

    def _group(self, group: str, inner: object, path: str, depth: int) -> Condition:
        if group == "not":
            return Not(self.condition(inner, path, depth + 1))
        if not isinstance(inner, list | tuple):
            raise Invalid(f"{group} holds a list", path)
        if group == "all":
            return self._all(list(inner), path, depth)
        if not inner:
            raise Invalid("any needs at least one condition", path)
        return Any(tuple(self.condition(part, f"{path}[{at}]", depth + 1) for at, part in enumerate(inner)))

    def _all(self, parts: list[object], path: str, depth: int) -> All:
        return All(tuple(self.condition(part, f"{path}[{at}]", depth + 1) for at, part in enumerate(parts)))

    def _leaf(self, tree: dict[object, object], path: str) -> Leaf:
        if unknown := next((str(key) for key in tree if key not in ("field", "op", "value")), None):
            raise Invalid(f"unknown key {unknown}", _join(path, unknown))
        name, op_name = tree.get("field"), tree.get("op")
        field = None
        if isinstance(name, str):
            field = self._fields.find(name) or self._fields.loosely(name, op_name, tree.get("value"))
        if field is None:
            raise Invalid(f"unknown field {name}", _join(path, "field"))
        op = Op(op_name) if isinstance(op_name, str) and op_name in Op.__members__.values() else None
        if op is None or op not in OPS[field.type]:
            raise Invalid(f"{op_name} cannot be asked of {field.name}", _join(path, "op"))
        return Leaf(field, op, _value(field, op, tree.get("value"), _join(path, "value")))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _value(field: Field, op: Op, raw: object, path: str) -> Value:
    if op in (Op.IS_EMPTY, Op.IS_SET):
        if raw is not None and raw is not True:
            raise Invalid(f"{op} takes no value", path)
        return None
    if op is Op.WITHIN:
        return _minutes(raw, path)
    if op in (Op.IN, Op.NOT_IN) or (op is Op.CONTAINS and isinstance(raw, list | tuple)):
        return _choices(field, raw, path)
    value = _SCALARS[field.type](raw, path)
    if op in (Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES) and not value:
        raise Invalid("an empty text is found everywhere", path)
    if op is Op.MATCHES and len(str(value)) > MAX_PATTERN:
        raise Invalid(f"longer than {MAX_PATTERN} characters", path)
    return value


def _choices(field: Field, raw: object, path: str) -> tuple[str | int | float | UUID, ...]:
    if not isinstance(raw, list | tuple):
        raise Invalid("a list of values is needed", path)
    if not 0 < len(raw) <= MAX_CHOICES:
        raise Invalid(f"between 1 and {MAX_CHOICES} values are needed", path)
    scalar = _SCALARS[field.type]
    values: list[str | int | float | UUID] = []
    for at, each in enumerate(raw):
        value = scalar(each, f"{path}[{at}]")
        if isinstance(value, datetime) or value == "":
            raise Invalid("not a value to choose from", f"{path}[{at}]")
        values.append(value)
    return tuple(values)


def _minutes(raw: object, path: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < abs(raw) <= MAX_MINUTES:
        raise Invalid("a number of minutes is needed: 30 for the last, -30 for the next half hour", path)
    return raw


def _text(raw: object, path: str) -> str:
    if not isinstance(raw, str):
        raise Invalid("a text is needed", path)
    if len(raw) > MAX_TEXT:
        raise Invalid(f"longer than {MAX_TEXT} characters", path)
    if "\x00" in raw or any("\ud800" <= character <= "\udfff" for character in raw):
        raise Invalid("characters that cannot be stored", path)
    return raw


def _number(raw: object, path: str) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Invalid("a number is needed", path)
    if not isfinite(raw) or (isinstance(raw, int) and abs(raw) > _MAX_INTEGER):
        raise Invalid("a finite number within 64 bits is needed", path)
    return raw


def _bool(raw: object, path: str) -> bool:
    if not isinstance(raw, bool):
        raise Invalid("true or false is needed", path)
    return raw


def _time(raw: object, path: str) -> datetime:
    try:
        at = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise Invalid("a time such as 2026-03-02T09:30:00+08:00 is needed", path) from None
    if at.utcoffset() is None:
        raise Invalid("the time needs its zone", path)
    return at


def _id(raw: object, path: str) -> UUID:
    try:
        return raw if isinstance(raw, UUID) else UUID(raw if isinstance(raw, str) else "")
    except ValueError:
        raise Invalid("an id is needed", path) from None


_SCALARS: dict[FieldType, Callable[[object, str], str | int | float | bool | datetime | UUID]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.BOOL: _bool,
    FieldType.TIME: _time,
    FieldType.ID: _id,
    FieldType.LIST: _text,
}
