"""The tree of ticket types: what it refuses when saved, and what is inherited."""

from __future__ import annotations

import pytest

from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    DEFAULT,
    SHIPPED_TREE,
    TICKET_TYPES,
    Body,
    Kinds,
    Published,
    TypeBook,
    TypeTree,
    check_types,
    is_within,
    path_of,
)


def node(key: str, **more: object) -> dict[str, object]:
    return {"key": key, "zh": key, "en": key, **more}


def tree(*nodes: dict[str, object]) -> TypeTree:
    return TypeTree(TICKET_TYPES.decode({"types": [node("other"), *nodes]}))


@pytest.mark.parametrize(
    ("types", "field", "says"),
    [
        ([node("a"), node("a", zh="甲", en="b")], "types[1].key", "two types"),
        ([node("a.b"), node("other")], "types[0].key", "must stand above"),
        ([node("A"), node("other")], "types[0].key", "matching regex"),
        ([node("other"), node("a", zh="x"), node("b", zh="X")], "types[2].zh", "are called"),
        ([node("a")], "types", "nobody has sorted"),
        ([node("other", retired=True)], "types", "nobody has sorted"),
        ([node("other", priority=5)], "types[0].priority", "<= 4"),
        ([], "types", "length >= 1"),
    ],
)
def test_a_wrong_tree_is_refused_with_its_place(types: list[Body], field: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        TICKET_TYPES.decode({"types": types})
    assert (refused.value.field or "").replace("...", "0").startswith(field.partition("[")[0])


def test_what_is_left_out_is_as_above_it() -> None:
    known = tree(
        node("complaint", priority=3, own_words=True), node("complaint.safety", priority=4),
        node("complaint.safety.fire", own_words=False),
    )  # fmt: skip
    assert [known.priority(key) for key in path_of("complaint.safety.fire")] == [3, 4, 4]
    assert [known.own_words(key) for key in path_of("complaint.safety.fire")] == [True, True, False]
    assert known.priority("other") is None


def test_a_retired_type_is_offered_for_no_other_ticket() -> None:
    known = tree(node("a", retired=True), node("a.b"), node("c"))
    assert [each.key for each in known.offered] == ["other", "c"]
    for refused in ("a", "a.b", "nobody"):
        with pytest.raises(Invalid, match="there is no ticket type"):
            known.check(refused)
    assert known.check("a.b", kept="a.b") == "a.b"
    assert (known.known("a.b.gone"), known.known("gone")) == ("a.b", "other")


def test_own_words_are_asked_for_complaints_and_refunds_of_every_kind() -> None:
    for key in SHIPPED_TREE.nodes:
        if is_within(key, ("complaint", "refund")):
            with pytest.raises(Invalid, match="own words"):
                SHIPPED_TREE.check_words(key, "  已处理好了  ")
        else:
            SHIPPED_TREE.check_words(key, "好")
        SHIPPED_TREE.check_words(key, "已与客户电话沟通并退款")


def test_a_rule_may_name_only_what_the_release_has() -> None:
    empty = Published(Kinds([TICKET_TYPES]), 0, ())
    check_types(empty, [("refund.only", "x")])
    with pytest.raises(Invalid, match="no ticket type rant") as refused:
        check_types(empty, [("refund", "a"), ("rant", "b")])
    assert refused.value.field == "b"
    book = TypeBook()
    book.take(empty)
    assert book.tree is SHIPPED_TREE


def test_there_is_one_tree() -> None:
    assert TICKET_TYPES.check_together is not None
    document = TICKET_TYPES.decode({"types": [node("other")]})
    TICKET_TYPES.check_together({DEFAULT: document})
    with pytest.raises(Invalid, match="one tree"):
        TICKET_TYPES.check_together({DEFAULT: document, "second": document})
