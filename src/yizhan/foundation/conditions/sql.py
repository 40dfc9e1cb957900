"""A condition as a parametrised SQL expression over whitelisted columns.

A field that is NULL makes a leaf NULL, which AND, OR and WHERE treat as false, so plain leaves stay usable by
indexes; only `not` and the negative operators turn NULL into a decision, by IS NOT TRUE.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.foundation.conditions.model import All, Condition, FieldType, Leaf, Not, Op
from yizhan.foundation.conditions.tree import leaves
from yizhan.foundation.errors import Invalid

# A column, perhaps qualified, perhaps one member of a jsonb column as text, or as a function of ours reads it.
_COLUMN = re.compile(
    r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){0,2}|\([a-z_][a-z0-9_.]*->>'[a-z0-9_]+'\)"
    r"|[a-z_]+\([a-z_][a-z0-9_.]*, '[a-z0-9_]+'\)"
)

_SYMBOLS = {Op.EQ: "=", Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


def compile_sql(
    condition: Condition, columns: Mapping[str, str], start_param: int = 1, *, now: datetime | None = None
) -> tuple[str, list[object]]:
    """The expression and its parameters, numbered from `$start_param`.

    `columns` is the whitelist: field name to column. `now` is needed as soon as the condition says `within`.
    Raises Invalid for a field that has no column.
    """
    writer = _Writer(columns, start_param, now)
    return writer.expression(condition), writer.params


class _Writer:
    def __init__(self, columns: Mapping[str, str], start_param: int, now: datetime | None) -> None:
        self.params: list[object] = []
        self._columns = columns
        self._start = start_param
        self._now = now

    def expression(self, condition: Condition) -> str:
        if isinstance(condition, Leaf):
            return self._leaf(condition)
        if isinstance(condition, Not):
            return f"({self.expression(condition.part)}) IS NOT TRUE"
        word = " AND " if isinstance(condition, All) else " OR "
        if not condition.parts:
            return "TRUE" if isinstance(condition, All) else "FALSE"
        return "(" + word.join(self.expression(part) for part in condition.parts) + ")"

    def _leaf(self, leaf: Leaf) -> str:
        column = self.column(leaf)
        if leaf.op is Op.IS_EMPTY:
            return _empty(leaf.field.type, column)
        if leaf.op is Op.IS_SET:
            return f"NOT ({_empty(leaf.field.type, column)})"
        if leaf.op is Op.WITHIN:
            return self._within(column, leaf.value)
        if leaf.field.type is FieldType.LIST:
            return self._list(column, leaf)
        if leaf.op in (Op.CONTAINS, Op.STARTS_WITH, Op.MATCHES):
            return self._text(column, leaf)
        return self._compare(column, leaf)

    def column(self, leaf: Leaf) -> str:
        column = self._columns.get(leaf.field.name)
        if column is None:
            raise Invalid(f"{leaf.field.name} cannot be searched", leaf.field.name)
        if not _COLUMN.fullmatch(column):
            raise ValueError(f"not a column: {column}")
        return column

    def _param(self, value: object, kind: str) -> str:
        self.params.append(value)
        return f"${self._start + len(self.params) - 1}::{kind}"

    def _compare(self, column: str, leaf: Leaf) -> str:
        if leaf.op in (Op.IN, Op.NOT_IN):
            values = list(leaf.value) if isinstance(leaf.value, tuple) else []
            among = f"{column} = ANY({self._param(values, _kind(values[0], values) + '[]')})"
            return among if leaf.op is Op.IN else f"({among}) IS NOT TRUE"
        param = self._param(leaf.value, _kind(leaf.value, []))
        if leaf.op is Op.NE:
            return f"{column} IS DISTINCT FROM {param}"
        return f"{column} {_SYMBOLS[leaf.op]} {param}"

    def _list(self, column: str, leaf: Leaf) -> str:
        members = list(leaf.value) if isinstance(leaf.value, tuple) else [leaf.value]
        shares = f"{column} && {self._param(members, 'text[]')}"
        return f"({shares}) IS NOT TRUE" if leaf.op is Op.NOT_IN else shares

    def _text(self, column: str, leaf: Leaf) -> str:
        patterns = [
            _like(leaf.op, str(each)) for each in (leaf.value if isinstance(leaf.value, tuple) else [leaf.value])
        ]
        # COLLATE "C" lowers ASCII alone, on every server alike, and so does the closure.
        return f'lower({column} COLLATE "C") LIKE ANY({self._param(patterns, "text[]")})'

    def _within(self, column: str, value: object) -> str:
        if self._now is None:
            raise Invalid("within needs the present time")
        edge = self._now - timedelta(minutes=value if isinstance(value, int) else 0)
        low, high = sorted([edge, self._now])
        return f"{column} BETWEEN {self._param(low, 'timestamptz')} AND {self._param(high, 'timestamptz')}"


def _empty(kind: FieldType, column: str) -> str:
    if kind is FieldType.TEXT:
        return f"({column} IS NULL OR {column} = '')"
    if kind is FieldType.LIST:
        return f"({column} IS NULL OR cardinality({column}) = 0)"
    return f"{column} IS NULL"


def _kind(value: object, others: list[str | int | float | UUID]) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, float) or any(isinstance(each, float) for each in others):
        return "float8"
    if isinstance(value, int):
        return "bigint"
    if isinstance(value, datetime):
        return "timestamptz"
    return "uuid" if isinstance(value, UUID) else "text"


def _like(op: Op, text: str) -> str:
    lowered = text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    plain = re.sub(r"([\\%_])", r"\\\1", lowered)
    if op is Op.CONTAINS:
        return f"%{plain}%"
    if op is Op.STARTS_WITH:
        return f"{plain}%"
    return re.sub(r"\*+", "%", plain).replace("?", "_")


def compile_turn(
    condition: Condition, columns: Mapping[str, str], start_param: int = 1, *, now: datetime
) -> tuple[str, list[object]]:
    """When the answer of a row may next change although nothing of the row does: an expression, empty where never.

    Only `within` looks at the present: an instant comes into its span, and leaves it again.
    """
    found: list[str] = []
    params: list[object] = [now]
    present = f"${start_param}::timestamptz"
    for leaf in leaves(condition):
        if leaf.op is not Op.WITHIN or not isinstance(leaf.value, int):
            continue
        column = _Writer(columns, start_param, now).column(leaf)
        params.append(timedelta(minutes=leaf.value))
        out = f"{column} + ${start_param + len(params) - 1}::interval"
        found += [f"CASE WHEN {at} >= {present} THEN {at} END" for at in (column, out)]
    return (f"LEAST({', '.join(found)})", params) if found else ("", [])
