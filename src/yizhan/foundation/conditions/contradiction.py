"""Conditions that no row can ever fulfil, and those that every row does, found when they are saved.

A tree is taken apart into the ways in which it can hold, any of which is enough; in each, all that is asked of a field
is held together: sets of values, intervals, texts, and whether it is empty. What is not found is merely never true.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf

import msgspec

from yizhan.foundation.conditions.closure import compile_closure
from yizhan.foundation.conditions.model import Any, Condition, Field, FieldType, Leaf, Not, Op

_MOST_WAYS = 2_000
_BOUNDS = (Op.GT, Op.GTE, Op.LT, Op.LTE)
_TEXTS = (Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES)
_OPPOSITE = {
    Op.EQ: Op.NE, Op.NE: Op.EQ, Op.IN: Op.NOT_IN, Op.NOT_IN: Op.IN, Op.IS_EMPTY: Op.IS_SET, Op.IS_SET: Op.IS_EMPTY,
}  # fmt: skip
_TURNED = {Op.GT: Op.LTE, Op.GTE: Op.LT, Op.LT: Op.GTE, Op.LTE: Op.GT}


class Asked(msgspec.Struct, frozen=True):
    """One question, or that it is answered with no."""

    leaf: Leaf
    holds: bool = True


Way = tuple[Asked, ...]


def contradiction(condition: Condition) -> str | None:
    """Why it can never hold, in words: `type cannot be refund and complaint at once`; None when it can."""
    ways = _ways(condition, holds=True)
    if ways is None:
        return None
    if not ways:
        return "not of what always holds never does"
    reasons: list[str] = []
    for way in ways:
        reason = _conflict(way)
        if reason is None:
            return None
        reasons.append(reason)
    return reasons[0]


def always_holds(condition: Condition) -> bool:
    """Whether every row fulfils it: it asks nothing, or nothing that could be otherwise."""
    return contradiction(Not(condition)) is not None


def _ways(condition: Condition, *, holds: bool) -> list[Way] | None:
    """Every combination in which it holds, or does not; None where there are too many to look at."""
    if isinstance(condition, Leaf):
        return [(_asked(condition, holds=holds),)]
    if isinstance(condition, Not):
        return _ways(condition.part, holds=not holds)
    parts = [_ways(part, holds=holds) for part in condition.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(condition, Any) == holds:  # one is enough
        found = [way for part in known for way in part]
        return found if len(found) <= _MOST_WAYS else None
    found = [()]
    for part in known:
        if len(found) * len(part) > _MOST_WAYS:
            return None
        found = [(*way, *more) for way in found for more in part]
    return found


def _asked(leaf: Leaf, *, holds: bool) -> Asked:
    if holds:
        return Asked(leaf)
    if leaf.field.loose and leaf.op not in (Op.IS_EMPTY, Op.IS_SET):
        return Asked(leaf, holds=False)
    if leaf.op in _OPPOSITE:
        return Asked(msgspec.structs.replace(leaf, op=_OPPOSITE[leaf.op]))
    if leaf.field.type is FieldType.LIST:
        value = leaf.value if isinstance(leaf.value, tuple) else (str(leaf.value),)
        return Asked(msgspec.structs.replace(leaf, op=Op.NOT_IN, value=value))
    return Asked(leaf, holds=False)


def _conflict(way: Way) -> str | None:
    of: dict[str, list[Asked]] = {}
    for asked in way:
        of.setdefault(asked.leaf.field.name, []).append(asked)
    return next((reason for each in of.values() if (reason := _of_field(each))), None)


def _of_field(asked: Sequence[Asked]) -> str | None:
    field = asked[0].leaf.field
    said = [each.leaf for each in asked if each.holds]
    set_by = any(leaf.op not in (Op.IS_EMPTY, Op.NE, Op.NOT_IN) for leaf in said)
    if any(leaf.op is Op.IS_EMPTY for leaf in said):
        return f"{field.name} cannot be empty and have a value at once" if set_by else None
    if field.loose:
        return None
    if field.type is FieldType.LIST:
        return _of_members(field.name, said)
    if not set_by:
        return None
    denied = [each.leaf for each in asked if not each.holds]
    said += [msgspec.structs.replace(leaf, op=_TURNED[leaf.op]) for leaf in denied if leaf.op in _BOUNDS]
    denied = [leaf for leaf in denied if leaf.op not in _BOUNDS]
    for leaf in denied:
        if leaf in said:
            return f"{field.name} cannot be as {leaf.op} {_value(leaf)} says, and not be so"
    return _of_bounds(field, said) or _of_choices(field, said, denied) or _of_beginnings(field.name, said)


def _of_members(name: str, said: Iterable[Leaf]) -> str | None:
    refused = {value for leaf in said if leaf.op is Op.NOT_IN for value in _values(leaf)}
    for leaf in said:
        if leaf.op in (Op.CONTAINS, Op.IN) and _values(leaf) <= refused:
            return f"{name} cannot have {_words(_values(leaf))} and not have it"
    return None


def _of_choices(field: Field, said: Sequence[Leaf], denied: Sequence[Leaf]) -> str | None:
    name, allowed = field.name, _universe(field)
    named = False
    for leaf in said:
        if leaf.op in (Op.EQ, Op.IN):
            values = _values(leaf)
            if allowed is not None and not allowed & values:
                if named:
                    return f"{name} cannot be {_words(allowed)} and {_words(values)} at once"
                return f"{name} is never {_words(values)}: it is one of {_words(allowed)}"
            allowed, named = values if allowed is None else allowed & values, True
    if allowed is None:
        return None
    refused = {value for leaf in said if leaf.op in (Op.NE, Op.NOT_IN) for value in _values(leaf)}
    if allowed <= refused:
        return f"{name} cannot be {_words(allowed)} and not be it"
    rest = [leaf for leaf in said if leaf.op in (*_BOUNDS, *_TEXTS)]
    checks = [(compile_closure(leaf), True) for leaf in rest] + [(compile_closure(leaf), False) for leaf in denied]
    if any(all(check({name: value}) is wanted for check, wanted in checks) for value in allowed - refused):
        return None
    for leaf in rest:
        if not any(compile_closure(leaf)({name: value}) for value in allowed - refused):
            return f"{name} cannot be {_words(allowed - refused)} and {leaf.op} {_value(leaf)}"
    return f"{name} cannot be {_words(allowed - refused)} and all the rest that is asked of it"


def _of_bounds(field: Field, said: Iterable[Leaf]) -> str | None:
    leaves = list(said)
    lows = [(leaf.value, leaf.op is Op.GT) for leaf in leaves if leaf.op in (Op.GT, Op.GTE)]
    highs = [(leaf.value, leaf.op is Op.LT) for leaf in leaves if leaf.op in (Op.LT, Op.LTE)]
    for low, open_low in lows:
        for high, open_high in highs:
            below, above = _number(low), _number(high)
            if below > above or (below == above and (open_low or open_high)):
                return f"{field.name} cannot be above {low} and below {high} at once"
    if field.least is not None:
        for high, open_high in highs:
            if _number(high) < field.least or (_number(high) == field.least and open_high):
                return f"{field.name} is never below {high}: it is at least {field.least:g}"
    return None


def _of_beginnings(name: str, said: Iterable[Leaf]) -> str | None:
    starts = [str(leaf.value).lower() for leaf in said if leaf.op is Op.STARTS_WITH]
    for one in starts:
        for other in starts:
            if not (one.startswith(other) or other.startswith(one)):
                return f"{name} cannot start with {one} and with {other} at once"
    return None


def _universe(field: Field) -> set[object] | None:
    """All that the field can be, where that is known."""
    if field.type is FieldType.BOOL:
        return {True, False}
    if not field.closed:
        return None
    return {float(each) for each in field.choices} if field.type is FieldType.NUMBER else set(field.choices)


def _number(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else inf


def _values(leaf: Leaf) -> set[object]:
    return set(leaf.value) if isinstance(leaf.value, tuple) else {leaf.value}


def _value(leaf: Leaf) -> str:
    return _words(_values(leaf))


def _words(values: Iterable[object]) -> str:
    return " or ".join(sorted(f"{value:g}" if isinstance(value, float) else str(value) for value in values))
