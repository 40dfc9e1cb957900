from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.foundation.conditions.fields import FIELDS
from yizhan.foundation.conditions import (
    All,
    Any,
    Leaf,
    Not,
    Op,
    describe,
    fields_used,
    parse,
    to_tree,
)
from yizhan.foundation.errors import Invalid

TEAM = "0198a1b2-0000-7000-8000-000000000001"


def leaf(field: str = "channel", op: str = "eq", value: object = "wechat") -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


def test_a_tree_becomes_typed() -> None:
    condition = parse(
        {"all": [leaf(), {"any": [leaf("amount", "gte", 3), {"not": leaf("team_id", "in", [TEAM])}]}]}, FIELDS
    )
    assert isinstance(condition, All)
    first, second = condition.parts
    assert isinstance(first, Leaf)
    assert first.op is Op.EQ
    assert isinstance(second, Any)
    assert isinstance(second.parts[1], Not)
    assert second.parts[1].part == Leaf(next(f for f in FIELDS if f.name == "team_id"), Op.IN, (UUID(TEAM),))


def test_lists_mean_all_and_nothing_means_always() -> None:
    assert parse([leaf()], FIELDS) == parse({"all": [leaf()]}, FIELDS)
    assert parse({}, FIELDS) == parse([], FIELDS) == All(())


def test_fields_answer_to_their_labels() -> None:
    assert parse(leaf("渠道"), FIELDS) == parse(leaf("CHANNEL"), FIELDS) == parse(leaf("channel"), FIELDS)


def test_times_are_read_with_their_zone() -> None:
    condition = parse(leaf("due_at", "lt", "2026-03-02T09:30:00+08:00"), FIELDS)
    assert isinstance(condition, Leaf)
    assert condition.value == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ("x", ""),
        ([1], "[0]"),
        ({"all": {}}, "all"),
        ({"any": []}, "any"),
        ({"all": [], "any": []}, ""),
        ({"all": [leaf(), leaf(), leaf(op="between")]}, "all[2].op"),
        ({"all": [leaf(), {"not": leaf("colour")}]}, "all[1].not.field"),
        ({"any": [leaf("vip", "gt", 1)]}, "any[0].op"),
        ([leaf("channel", "gt", "a")], "[0].op"),
        (leaf(value=3), "value"),
        (leaf(value=None), "value"),
        (leaf(value="a\x00"), "value"),
        (leaf(value="\ud800"), "value"),
        (leaf(value="x" * 1001), "value"),
        (leaf("amount", "eq", True), "value"),
        (leaf("amount", "eq", "1"), "value"),
        (leaf("amount", "eq", float("nan")), "value"),
        (leaf("amount", "eq", 2**63), "value"),
        (leaf("vip", "eq", 1), "value"),
        (leaf("due_at", "gt", "2026-03-02T09:30:00"), "value"),
        (leaf("due_at", "gt", "soon"), "value"),
        (leaf("due_at", "within", 0), "value"),
        (leaf("due_at", "within", 1.5), "value"),
        (leaf("team_id", "eq", "team"), "value"),
        (leaf("channel", "in", "wechat"), "value"),
        (leaf("channel", "in", []), "value"),
        (leaf("channel", "in", ["a", 1]), "value[1]"),
        (leaf("channel", "in", ["a"] * 501), "value"),
        (leaf("channel", "contains", ""), "value"),
        (leaf("channel", "contains", ["a", ""]), "value[1]"),
        (leaf("channel", "matches", "*" * 201), "value"),
        (leaf("channel", "is_set", 1), "value"),
        ({"field": "channel", "op": "eq", "value": "a", "sql": "1"}, "sql"),
        ({"field": ["channel"], "op": "eq", "value": "a"}, "field"),
        ({"field": "channel", "op": ["eq"], "value": "a"}, "op"),
    ],
)
def test_every_refusal_names_its_place(tree: object, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(tree, FIELDS)
    assert refusal.value.field == path


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, object] = leaf()
    for _ in range(7):
        deep = {"not": deep}
    parse(deep, FIELDS)
    with pytest.raises(Invalid, match="deeper"):
        parse({"not": deep}, FIELDS)
    parse([leaf()] * 199, FIELDS)
    with pytest.raises(Invalid, match="200"):
        parse([leaf()] * 200, FIELDS)


def test_the_tree_comes_back() -> None:
    tree = [
        leaf("due_at", "lt", "2026-03-02T09:30:00+08:00"),
        {"any": [leaf("team_id", "in", [TEAM]), {"not": {"field": "tags", "op": "is_empty"}}]},
        leaf("vip", "eq", False),
    ]
    condition = parse(tree, FIELDS)
    assert parse(to_tree(condition), FIELDS) == condition
    assert fields_used(condition) == {"due_at", "team_id", "tags", "vip"}


def test_sentences() -> None:
    condition = parse(
        [leaf(), {"any": [leaf("amount", "gte", 3), {"not": leaf("tags", "in", ["a", "b"])}]}, leaf("vip", "eq", True)],
        FIELDS,
    )
    assert (
        describe(condition, "zh-CN", {"wechat": "微信"})
        == "渠道 是 微信 且 (金额 不小于 3 或 非(标签 属于 a、b)) 且 会员 是 是"
    )
    assert describe(parse(leaf("due_at", "within", -30), FIELDS), "en") == "Due is within the next 30 minutes"
    assert describe(parse({}, FIELDS), "en") == "always"
