import pytest

from yizhan.foundation.conditions import Field, FieldSet, FieldType, contradiction, parse

FIELDS = FieldSet([
    Field("type", FieldType.TEXT, "类型", "type"),
    Field("priority", FieldType.NUMBER, "优先级", "priority"),
    Field("tags", FieldType.LIST, "标签", "tags"),
    Field("at", FieldType.TIME, "时间", "time"),
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
    ],
)
def test_what_may_hold_is_let_pass(tree: object) -> None:
    assert contradiction(parse(tree, FIELDS)) is None
