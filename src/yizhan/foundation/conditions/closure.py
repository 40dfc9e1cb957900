"""A condition as one function over the facts of a row.

Facts are plain values by field name; a missing name is an empty value. An empty value equals nothing, so `ne` and
`not_in` hold and every comparison fails, exactly as in SQL. Letters are compared without case in `contains`,
`starts_with` and `matches`, for ASCII only: what databases call the lower case of other letters differs.
`within` reads the present from the fact `now`.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias, cast
from uuid import UUID

from msgspec.structs import replace

from yizhan.foundation.conditions.model import All, Any, Condition, FieldType, Leaf, Op

Facts: TypeAlias = Mapping[str, object]
Check: TypeAlias = Callable[[Facts], bool]

Compare: TypeAlias = Callable[[object, object], bool]

# Parsing made sure of comparable types; the operators are faster than any function of ours.
_ORDERED: dict[Op, Compare] = {
    Op.GT: cast(Compare, operator.gt),
    Op.GTE: cast(Compare, operator.ge),
    Op.LT: cast(Compare, operator.lt),
    Op.LTE: cast(Compare, operator.le),
}


def compile_closure(condition: Condition) -> Check:
    """Compiled once, called for every row: well over 500,000 calls a second for three leaves."""
    if isinstance(condition, Leaf):
        return _leaf(condition)
    if isinstance(condition, All):
        return _all([compile_closure(part) for part in condition.parts])
    if isinstance(condition, Any):
        return _any([compile_closure(part) for part in condition.parts])
    inner = compile_closure(condition.part)
    return lambda facts: not inner(facts)


def _all(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        first, second = checks
        return lambda facts: first(facts) and second(facts)

    def all_hold(facts: Facts) -> bool:
        for check in checks:  # noqa: SIM110 - a generator costs more than the checks
            if not check(facts):
                return False
        return True

    return all_hold


def _any(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def one_holds(facts: Facts) -> bool:
        for check in checks:  # noqa: SIM110 - a generator costs more than the checks
            if check(facts):
                return True
        return False

    return one_holds


def _loose(leaf: Leaf) -> Check:
    """Asked of each that is kept, each read as what it is compared with."""
    name, negated = leaf.field.name, {Op.NE: Op.EQ, Op.NOT_IN: Op.IN}.get(leaf.op)
    check = _leaf(Leaf(replace(leaf.field, loose=False), negated or leaf.op, leaf.value))

    def holds(facts: Facts) -> bool:
        kept = facts.get(name)
        if leaf.op in (Op.IS_EMPTY, Op.IS_SET):
            return check({name: kept})
        each = kept if isinstance(kept, list | tuple) else (kept,)
        read = ({name: _read(one, leaf.field.type), "now": facts.get("now")} for one in each)
        return any(check(one) for one in read) is (negated is None)

    return holds


def _read(kept: object, kind: FieldType) -> object:
    if not isinstance(kept, str) or kind is FieldType.TEXT:
        return kept
    try:
        return float(kept) if kind is FieldType.NUMBER else datetime.fromisoformat(kept).replace(tzinfo=UTC)
    except ValueError:
        return None


def _leaf(leaf: Leaf) -> Check:
    if leaf.field.loose:
        return _loose(leaf)
    name = leaf.field.name
    if leaf.op is Op.IS_EMPTY:
        return lambda facts: _is_empty(facts.get(name))
    if leaf.op is Op.IS_SET:
        return lambda facts: not _is_empty(facts.get(name))
    if leaf.op is Op.WITHIN:
        return _within(name, leaf.value)
    if leaf.field.type is FieldType.LIST:
        return _list(name, leaf.op, leaf.value)
    if leaf.op in _ORDERED:
        return _ordered(name, _ORDERED[leaf.op], leaf.value)
    if leaf.op in (Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES):
        return _text(name, leaf.op, leaf.value)
    return _choice(name, leaf)


def _is_empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, list | tuple | set | frozenset) and not value)


def _choice(name: str, leaf: Leaf) -> Check:
    wanted = leaf.value
    if leaf.field.type is FieldType.ID or leaf.op in (Op.IN, Op.NOT_IN):
        among = _spelled(wanted if isinstance(wanted, tuple) else (wanted,))
        if leaf.op in (Op.EQ, Op.IN):
            return lambda facts: facts.get(name) in among
        return lambda facts: facts.get(name) not in among
    if leaf.op is Op.EQ:
        return lambda facts: facts.get(name) == wanted
    return lambda facts: facts.get(name) != wanted


def _spelled(values: tuple[object, ...]) -> frozenset[object]:
    """Ids come from rows as UUID and from JSON as text; both are the same id."""
    return frozenset(values) | {str(value) for value in values if isinstance(value, UUID)}


def _ordered(name: str, compare: Compare, bound: object) -> Check:
    def holds(facts: Facts) -> bool:
        value = facts.get(name)
        return value is not None and compare(value, bound)

    return holds


def _within(name: str, value: object) -> Check:
    span = timedelta(minutes=value if isinstance(value, int) else 0)

    def holds(facts: Facts) -> bool:
        at, now = facts.get(name), facts["now"]
        if not isinstance(at, datetime) or not isinstance(now, datetime):
            return False
        return now - span <= at <= now if span > timedelta() else now <= at <= now - span

    return holds


def _list(name: str, op: Op, value: object) -> Check:
    wanted = frozenset(value if isinstance(value, tuple) else (value,))
    if op is Op.NOT_IN:
        return lambda facts: wanted.isdisjoint(_members(facts.get(name)))
    return lambda facts: not wanted.isdisjoint(_members(facts.get(name)))


def _members(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []


def _text(name: str, op: Op, value: object) -> Check:
    wanted = tuple(_folded(each) for each in (value if isinstance(value, tuple) else (value,)))
    if op is Op.MATCHES:
        return _matching(name, wanted[0])
    if op is Op.STARTS_WITH:
        return lambda facts: _folded(facts.get(name)).startswith(wanted)
    if len(wanted) == 1:
        only = wanted[0]
        return lambda facts: only in _folded(facts.get(name))
    # One search for all: it stops only where one of them may begin, three times faster than one search for each.
    find = re.compile("|".join(map(re.escape, wanted))).search
    return lambda facts: find(_folded(facts.get(name))) is not None


def _matching(name: str, pattern: str) -> Check:
    matches = glob(pattern)

    def holds(facts: Facts) -> bool:
        value = facts.get(name)
        return value is not None and matches(_folded(value))

    return holds


def glob(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text fits `*` (any run) and `?` (one character).

    Every run between two stars is taken where it first fits and never tried again, so no text can make it slow.
    """
    head, *middle = (re.escape(run).replace(r"\?", ".") for run in re.split(r"\*+", pattern))
    if not middle:
        whole = re.compile(head, re.S)
        return lambda text: whole.fullmatch(text) is not None
    *between, tail = middle
    fits = re.compile(head + "".join(f"(?>.*?{run})" for run in between) + f".*{tail}", re.S)
    return lambda text: fits.fullmatch(text) is not None


@lru_cache(16)  # all the rules of a document ask for words in the same text
def _folded(value: object) -> str:
    # bytes.lower() folds ASCII alone, which is what lower(… COLLATE "C") does in PostgreSQL.
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
