"""Back from a condition to its JSON, and what it depends on."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from yizhan.foundation.conditions.model import All, Any, Condition, Leaf, Value


def to_tree(condition: Condition) -> dict[str, object]:
    """The canonical JSON tree; parsing it gives the same condition."""
    if isinstance(condition, Leaf):
        leaf: dict[str, object] = {"field": condition.field.name, "op": condition.op.value}
        return leaf if condition.value is None else leaf | {"value": _plain(condition.value)}
    if isinstance(condition, All):
        return {"all": [to_tree(part) for part in condition.parts]}
    if isinstance(condition, Any):
        return {"any": [to_tree(part) for part in condition.parts]}
    return {"not": to_tree(condition.part)}


def fields_used(condition: Condition) -> frozenset[str]:
    """The names of the fields it asks about: what must be loaded before it can be judged."""
    if isinstance(condition, Leaf):
        return frozenset({condition.field.name})
    if isinstance(condition, All | Any):
        return frozenset().union(*(fields_used(part) for part in condition.parts))
    return fields_used(condition.part)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Its questions, in order."""
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts if isinstance(condition, All | Any) else (condition.part,):
            yield from leaves(part)


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
