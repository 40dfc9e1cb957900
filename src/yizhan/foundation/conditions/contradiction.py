"""Conditions that no row can ever fulfil, found when they are saved. What is not found is merely never true."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf

from yizhan.foundation.conditions.model import All, Any, Condition, FieldType, Leaf, Not, Op

_BOUNDS = (Op.GT, Op.GTE, Op.LT, Op.LTE)


def contradiction(condition: Condition) -> str | None:
    """Why it can never hold, in words: `type cannot be refund and complaint at once`; None when it can."""
    if isinstance(condition, Any):
        reasons = [contradiction(part) for part in condition.parts]
        return reasons[0] if reasons and all(reasons) else None
    if isinstance(condition, Leaf | Not):
        return _of_not(condition) if isinstance(condition, Not) else None
    leaves: dict[str, list[Leaf]] = {}
    for part in _flat(condition):
        if isinstance(part, Leaf):
            leaves.setdefault(part.field.name, []).append(part)
        elif reason := contradiction(part):
            return reason
    return next((reason for each in leaves.values() if (reason := _of_field(each))), None)


def _of_not(condition: Not) -> str | None:
    if isinstance(condition.part, All) and not condition.part.parts:
        return "not of what always holds never does"
    return None


def _flat(condition: All) -> Iterator[Condition]:
    for part in condition.parts:
        if isinstance(part, All):
            yield from _flat(part)
        else:
            yield part


def _of_field(leaves: list[Leaf]) -> str | None:
    name = leaves[0].field.name
    ops = {leaf.op for leaf in leaves}
    if Op.IS_EMPTY in ops and ops - {Op.IS_EMPTY, Op.NE, Op.NOT_IN}:
        return f"{name} cannot be empty and have a value at once"
    if leaves[0].field.type is FieldType.LIST or leaves[0].field.loose:
        return None
    return _of_choices(name, leaves) or _of_bounds(name, leaves)


def _of_choices(name: str, leaves: list[Leaf]) -> str | None:
    allowed: set[object] | None = None
    for leaf in leaves:
        if leaf.op in (Op.EQ, Op.IN):
            values = _values(leaf)
            if allowed is not None and not allowed & values:
                return f"{name} cannot be {_words(allowed)} and {_words(values)} at once"
            allowed = values if allowed is None else allowed & values
    if allowed is None:
        return None
    refused = {value for leaf in leaves if leaf.op in (Op.NE, Op.NOT_IN) for value in _values(leaf)}
    if allowed <= refused:
        return f"{name} cannot be {_words(allowed)} and not be it"
    for leaf in leaves:
        if leaf.op in _BOUNDS and not any(_within(value, leaf) for value in allowed):
            return f"{name} cannot be {_words(allowed)} and {leaf.op} {leaf.value}"
    return None


def _of_bounds(name: str, leaves: list[Leaf]) -> str | None:
    lows = [(leaf.value, leaf.op is Op.GT) for leaf in leaves if leaf.op in (Op.GT, Op.GTE)]
    highs = [(leaf.value, leaf.op is Op.LT) for leaf in leaves if leaf.op in (Op.LT, Op.LTE)]
    for low, open_low in lows:
        for high, open_high in highs:
            below, above = _number(low), _number(high)
            if below > above or (below == above and (open_low or open_high)):
                return f"{name} cannot be above {low} and below {high} at once"
    return None


def _within(value: object, leaf: Leaf) -> bool:
    given, bound = _number(value), _number(leaf.value)
    if leaf.op in (Op.GT, Op.GTE):
        return given > bound or (given == bound and leaf.op is Op.GTE)
    return given < bound or (given == bound and leaf.op is Op.LTE)


def _number(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else inf


def _values(leaf: Leaf) -> set[object]:
    return set(leaf.value) if isinstance(leaf.value, tuple) else {leaf.value}


def _words(values: Iterable[object]) -> str:
    return " or ".join(sorted(str(value) for value in values))
