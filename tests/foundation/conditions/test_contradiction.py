from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.foundation.conditions import (
    Field,
    FieldSet,
    FieldType,
    always_holds,
    compile_closure,
    contradiction,
    parse,
)

FIELDS = FieldSet([
    Field("type", FieldType.TEXT, "类型", "type"),
    Field("priority", FieldType.NUMBER, "优先级", "priority"),
    Field("tags", FieldType.LIST, "标签", "tags"),
    Field("at", FieldType.TIME, "时间", "time"),
    Field("status", FieldType.TEXT, "状态", "status", choices=("new", "open"), closed=True),
    Field("repeats", FieldType.NUMBER, "重复", "repeats", least=0),
    Field("safety", FieldType.BOOL, "安全", "safety"),
])  # fmt: skip


def leaf(field: str, op: str, value: object = None) -> dict[str, object]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


REFUND, COMPLAINT = leaf("type", "eq", "refund"), leaf("type", "eq", "complaint")


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ([REFUND, COMPLAINT], "type cannot be refund and complaint at once"),
        ([REFUND, {"all": [leaf("tags", "contains", "x"), COMPLAINT]}], "type cannot be refund and complaint at once"),
        ([leaf("type", "in", ["refund", "other"]), leaf("type", "in", ["praise"])], "type cannot be"),
        ([REFUND, leaf("type", "not_in", ["refund", "x"])], "type cannot be refund and not be it"),
        ([REFUND, leaf("type", "is_empty")], "type cannot be empty and have a value at once"),
        ([leaf("priority", "gt", 3), leaf("priority", "lt", 2)], "priority cannot be above 3 and below 2 at once"),
        ([leaf("priority", "gt", 3), leaf("priority", "lte", 3)], "priority cannot be above 3 and below 3 at once"),
        ([leaf("priority", "eq", 1), leaf("priority", "gte", 3)], "priority cannot be 1 and gte 3"),
        ({"any": [[REFUND, COMPLAINT], [leaf("priority", "lt", 1), leaf("priority", "gt", 1)]]}, "type cannot be"),
        ([REFUND, {"any": [[leaf("priority", "lt", 1), leaf("priority", "gt", 1)]]}], "priority cannot be"),
        (
            [leaf("at", "gt", "2026-03-02T00:00:00Z"), leaf("at", "lt", "2026-03-01T00:00:00Z")],
            "at cannot be above 2026-03-02 00:00:00+00:00",
        ),
        ({"not": {}}, "not of what always holds"),
        ([REFUND, {"not": {"any": [REFUND, COMPLAINT]}}], "type cannot be refund and not be it"),
        ([REFUND, {"any": [COMPLAINT, leaf("type", "eq", "praise")]}], "type cannot be refund and complaint"),
        ([leaf("priority", "gt", 3), {"not": leaf("priority", "gt", 2)}], "priority cannot be above 3 and below 2"),
        ([leaf("tags", "contains", "a"), leaf("tags", "not_in", ["a", "b"])], "tags cannot have a and not have it"),
        ([leaf("tags", "contains", "a"), {"not": leaf("tags", "in", ["a"])}], "tags cannot have a and not have it"),
        ([REFUND, leaf("type", "contains", "zz")], "type cannot be refund and contains zz"),
        ([leaf("type", "starts_with", "re"), leaf("type", "starts_with", "co")], "type cannot start with re"),
        ([leaf("type", "contains", "a"), {"not": leaf("type", "contains", "a")}], "type cannot be as contains a says"),
        (leaf("status", "eq", "done"), "status is never done: it is one of new or open"),
        ([leaf("status", "ne", "new"), leaf("status", "ne", "open"), leaf("status", "is_set")], "status cannot be new"),
        (leaf("repeats", "lt", 0), "repeats is never below 0: it is at least 0"),
        ([leaf("safety", "eq", True), {"not": leaf("safety", "eq", True)}], "safety cannot be True and not be it"),
    ],
)
def test_what_can_never_hold_is_explained(tree: object, reason: str) -> None:
    found = contradiction(parse(tree, FIELDS))
    assert found is not None
    assert found.startswith(reason)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        REFUND,
        [REFUND, leaf("type", "ne", "complaint")],
        [leaf("type", "in", ["refund", "complaint"]), COMPLAINT],
        [leaf("priority", "gte", 3), leaf("priority", "lte", 3)],
        [leaf("priority", "eq", 3), leaf("priority", "gt", 1)],
        [leaf("tags", "contains", "a"), leaf("tags", "contains", "b")],
        [leaf("type", "is_empty"), leaf("type", "ne", "refund")],
        {"any": [REFUND, [REFUND, COMPLAINT]]},
        {"not": [REFUND, COMPLAINT]},
        [leaf("type", "starts_with", "re"), leaf("type", "contains", "zz")],
        {"not": leaf("priority", "gt", 3)},
        [leaf("status", "ne", "new"), leaf("status", "ne", "open")],
        [leaf("tags", "in", ["a", "b"]), leaf("tags", "not_in", ["a"])],
        {"not": {"all": [leaf("type", "contains", "a"), leaf("priority", "lt", 2)]}},
    ],
)
def test_what_may_hold_is_let_pass(tree: object) -> None:
    assert contradiction(parse(tree, FIELDS)) is None


def test_what_every_row_fulfils_is_known() -> None:
    assert always_holds(parse({}, FIELDS))
    assert always_holds(parse({"any": [REFUND, {"not": REFUND}]}, FIELDS))
    assert always_holds(parse({"any": [leaf("type", "is_empty"), leaf("type", "is_set")]}, FIELDS))
    assert not always_holds(parse({"any": [REFUND, leaf("type", "is_empty")]}, FIELDS))


def test_a_tree_of_too_many_ways_is_let_pass() -> None:
    many = [{"any": [leaf("priority", "eq", n), leaf("priority", "eq", n + 1)]} for n in range(30)]
    assert contradiction(parse(many, FIELDS)) is None


VALUES: dict[str, list[Any]] = {
    "type": ["refund", "complaint", None], "priority": [1, 2, 3, None], "tags": [["a"], ["a", "b"], []],
}  # fmt: skip
LEAVES = st.sampled_from([
    REFUND, COMPLAINT, leaf("type", "ne", "refund"), leaf("type", "is_empty"), leaf("type", "contains", "ref"),
    leaf("priority", "gt", 1), leaf("priority", "lte", 2), leaf("priority", "in", [1, 3]),
    leaf("tags", "contains", "b"), leaf("tags", "not_in", ["a"]), leaf("tags", "is_set"),
])  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_nothing_that_can_hold_is_called_a_contradiction(tree: object) -> None:
    """Against every row of a small world."""
    condition = parse(tree, FIELDS)
    holds = compile_closure(condition)
    rows = [
        {"type": kind, "priority": priority, "tags": tags}
        for kind in VALUES["type"] for priority in VALUES["priority"] for tags in VALUES["tags"]
    ]  # fmt: skip
    fulfilled = [holds(row) for row in rows]
    assert not (any(fulfilled) and contradiction(condition))
    assert not (always_holds(condition) and not all(fulfilled))
