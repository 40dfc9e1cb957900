import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.foundation.conditions.fields import FIELDS, TABLE
from yizhan.foundation.conditions import Field, FieldSet, FieldType, compile_closure, compile_sql, parse
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TEXTS = ["", "a", "A", "ab", "aB%", "a_b", "退款", "我要退款", "É", "é", "İ", "a\\b", "*", "Ａ"]
NUMBERS = [0, 1, -1, 2.5, 3, 1e9]
TIMES = [NOW + timedelta(minutes=minutes) for minutes in (-90, -30, -1, 0, 1, 30, 90)]
IDS = [UUID(int=number) for number in range(1, 5)]
LISTS = [[], ["a"], ["a", "退款"], ["A", ""], ["ab", "a", "b"]]
FACTS: dict[str, list[object]] = {
    "channel": [*TEXTS],
    "amount": [*NUMBERS],
    "vip": [True, False],
    "due_at": [*TIMES],
    "team_id": [*IDS],
    "tags": [*LISTS],
}


def test_parameters_are_numbered_and_values_never_in_the_text() -> None:
    tree = [
        {"field": "channel", "op": "eq", "value": "'; DROP TABLE r; --"},
        {"not": {"field": "amount", "op": "in", "value": [1, 2.5]}},
    ]
    expression, params = compile_sql(parse(tree, FIELDS), FIELDS.columns(), 3)
    assert expression == "(r.channel = $3::text AND (r.amount = ANY($4::float8[])) IS NOT TRUE)"
    assert params == ["'; DROP TABLE r; --", [1, 2.5]]


def test_only_whitelisted_columns() -> None:
    with pytest.raises(Invalid, match="mood"):
        compile_sql(parse({"field": "mood", "op": "is_set"}, FIELDS), FIELDS.columns())
    with pytest.raises(Invalid):
        compile_sql(parse({"field": "due_at", "op": "within", "value": 5}, FIELDS), FIELDS.columns())
    evil = FieldSet([Field("x", FieldType.TEXT, "x", "x", "1=1 OR r.x")])
    with pytest.raises(ValueError, match="not a column"):
        compile_sql(parse({"field": "x", "op": "is_set"}, evil), evil.columns())


def test_a_member_of_a_document_is_a_column() -> None:
    fields = FieldSet([Field("size", FieldType.TEXT, "尺码", "Size", "(t.fields->>'size')")])
    expression, _ = compile_sql(parse({"field": "尺码", "op": "eq", "value": "L"}, fields), fields.columns())
    assert expression == "(t.fields->>'size') = $1::text"


async def test_closure_and_sql_agree_on_random_rows(db: Database) -> None:
    chance = random.Random(20260302)
    rows = [_row(chance) for _ in range(150)]
    async with db.transaction() as tx:
        await _fill(tx, rows)
        for _ in range(2_000):
            tree = _tree(chance, 3)
            condition = parse(tree, FIELDS)
            check = compile_closure(condition)
            expression, params = compile_sql(condition, FIELDS.columns(), 1, now=NOW)
            found = await tx.fetch(f"SELECT row_no FROM r WHERE {expression}", *params)
            expected = [number for number, row in enumerate(rows) if check({**row, "now": NOW})]
            assert sorted(row["row_no"] for row in found) == expected, tree


async def _fill(tx: Tx, rows: list[Mapping[str, object]]) -> None:
    await tx.execute(TABLE)
    await tx.executemany(
        "INSERT INTO r VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [(number, *(row[name] for name in FACTS)) for number, row in enumerate(rows)],
    )


def _row(chance: random.Random) -> Mapping[str, object]:
    return {name: None if chance.random() < 0.2 else chance.choice(values) for name, values in FACTS.items()}


def _tree(chance: random.Random, depth: int) -> dict[str, object]:
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return _leaf(chance)
    if kind < 0.55:
        return {"not": _tree(chance, depth - 1)}
    parts = [_tree(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    return {"all": parts} if kind < 0.78 else {"any": parts}


def _leaf(chance: random.Random) -> dict[str, object]:
    name = chance.choice(list(FACTS))
    op = chance.choice(_ASKED[name])
    if op in ("is_empty", "is_set"):
        return {"field": name, "op": op}
    return {"field": name, "op": op, "value": _value(chance, name, op)}


def _value(chance: random.Random, name: str, op: str) -> object:
    if op == "within":
        return chance.choice([-60, -30, -1, 1, 30, 60])
    if op == "matches":
        return "".join(chance.choice(["*", "?", "a", "B", "退", "%", "_", "\\"]) for _ in range(chance.randint(1, 4)))
    known = [text for text in TEXTS if text] if name == "tags" or op != "eq" else TEXTS
    choices: list[object] = [*known] if name in ("channel", "tags") else FACTS[name]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in choices]
    return chance.sample(plain, 2) if op in ("in", "not_in") else chance.choice(plain)


_ASKED = {
    "channel": ["eq", "ne", "in", "not_in", "contains", "starts_with", "matches", "is_empty", "is_set"],
    "amount": ["eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "is_empty", "is_set"],
    "vip": ["eq", "ne", "is_empty", "is_set"],
    "due_at": ["gt", "gte", "lt", "lte", "within", "is_empty", "is_set"],
    "team_id": ["eq", "ne", "in", "not_in", "is_empty", "is_set"],
    "tags": ["contains", "in", "not_in", "is_empty", "is_set"],
}
