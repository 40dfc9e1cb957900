"""Sets and differences, without a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.config.kinds import KINDS, POLICY, QUEUE, Policy, Queue, Target
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records.config import Body, Change, Document, Kind, Kinds, Published, Ref, diff
from yizhan.records.config.policy import check_name, diff_sets, next_set, same

LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
BODIES = st.dictionaries(
    st.text(max_size=3),
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "name", "x", "y"]), inner),
        max_leaves=12,
    ),
    max_size=4,
)


def document(kind: str, name: str, version: int, body: Body | None) -> Document:
    return Document(UUID(int=version), kind, name, version, body, datetime(2026, 1, 1, tzinfo=UTC), "system", "")


def test_a_body_is_decoded_to_the_struct_of_its_kind() -> None:
    body = {"title": "售后", "queue": "l2", "targets": [{"name": "first", "minutes": 5}]}
    assert POLICY.decode(body) == Policy("售后", "l2", (Target("first", 5),))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x"}, None),
        ({"title": "x", "queue": 3}, "queue"),
        ({"title": "x", "queue": "q", "targets": [{"name": "a", "minutes": "5"}]}, "targets[0].minutes"),
        ({"title": "x", "queue": "q", "targets": [{"name": "a", "minutes": 0}]}, "targets[0].minutes"),
        ({"title": "x", "queue": "q", "colour": "red"}, None),
    ],
)
def test_a_wrong_body_is_refused_with_its_place(body: Body, field: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        POLICY.decode(body)
    assert refused.value.field == field


def test_unknown_and_doubled_kinds_are_refused() -> None:
    with pytest.raises(Invalid):
        KINDS["horoscope"]
    with pytest.raises(ValueError, match="queue"):
        Kinds([QUEUE, Kind("queue", Policy)])
    assert "queue" in KINDS
    assert [kind.name for kind in KINDS] == ["queue", "sla_policy"]


@pytest.mark.parametrize("name", ["", "A", "售后", "../x", ".x", "a/b", "a" * 81, "a\n"])
def test_names_that_are_no_file_names_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        check_name(name)


def test_a_published_set_gives_structs() -> None:
    gone = document("queue", "old", 2, None)
    published = Published(KINDS, 3, [document("queue", "l2", 1, {"title": "二线"}), gone])
    assert published.get(QUEUE, "l2") == Queue("二线")
    assert published.find(QUEUE, "old") is None
    assert dict(published.all(QUEUE)) == {"l2": Queue("二线")}
    assert published.document("queue", "l2").version == 1
    assert [d.name for d in published.documents()] == ["l2"]
    for missing in (lambda: published.get(QUEUE, "old"), lambda: published.document("queue", "old")):
        with pytest.raises(NotFound):
            missing()


def test_a_set_that_cannot_be_read_names_the_document() -> None:
    with pytest.raises(Invalid, match="queue l2 version 4") as refused:
        Published(KINDS, 1, [document("queue", "l2", 4, {"title": 7})])
    assert refused.value.field == "queue/l2: title"


def test_a_kind_of_a_newer_process_is_kept_without_being_read() -> None:
    published = Published(KINDS, 1, [document("horoscope", "aries", 1, {"luck": 7})])
    published.check_together(KINDS)
    assert published.document("horoscope", "aries").body == {"luck": 7}


def test_a_reference_to_nothing_is_found() -> None:
    policy = document("sla_policy", "vip", 1, {"title": "VIP", "queue": "l2"})
    with pytest.raises(Invalid, match="queue l2") as refused:
        Published(KINDS, 1, [policy]).check_together(KINDS)
    assert refused.value.field == "sla_policy/vip"
    Published(KINDS, 1, [policy, document("queue", "l2", 1, {"title": "二线"})]).check_together(KINDS)


def test_picks_replace_and_remove() -> None:
    one, two = document("queue", "a", 1, {"title": "1"}), document("queue", "b", 1, {"title": "1"})
    newer, gone = document("queue", "a", 2, {"title": "2"}), document("queue", "b", 2, None)
    assert next_set([one, two], [newer]) == [newer, two]
    assert next_set([one, two], [gone]) == [one]
    assert next_set([], [gone]) == []


def test_members_with_a_name_are_matched_by_it() -> None:
    before = {"targets": [{"name": "first", "minutes": 5}, {"name": "solve", "minutes": 60}]}
    after = {"targets": [{"name": "solve", "minutes": 60}, {"name": "next", "minutes": 9}]}
    assert diff(before, after) == [
        Change("targets[first]", before={"name": "first", "minutes": 5}, removed=True),
        Change("targets[next]", after={"name": "next", "minutes": 9}, added=True),
    ]
    turned = {"targets": before["targets"][::-1]}
    assert diff(before, turned) == [Change("targets[]", ["first", "solve"], ["solve", "first"])]


def test_a_change_inside_is_named_by_its_path() -> None:
    assert diff({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4], "c": None}}) == [
        Change("a.b[1]", 2, 3),
        Change("a.b[2]", after=4, added=True),
        Change("a.c", after=None, added=True),
    ]
    assert diff({"on": 1}, {"on": True}) == [Change("on", 1, True)]


@given(BODIES, BODIES)
def test_no_difference_means_the_same(before: Body, after: Body) -> None:
    assert diff(before, before) == []
    assert (diff(before, after) == []) == same(before, after)
    assert {change.path for change in diff(before, after)} == {change.path for change in diff(after, before)}


@given(BODIES, BODIES)
def test_every_change_leads_back_and_forth(before: Body, after: Body) -> None:
    turned: list[tuple[str, Any, Any, bool, bool]] = [
        (c.path, c.after, c.before, c.removed, c.added) for c in diff(before, after)
    ]
    assert sorted(turned, key=repr) == sorted(
        ((c.path, c.before, c.after, c.added, c.removed) for c in diff(after, before)), key=repr
    )


def test_sets_differ_in_documents() -> None:
    a1, a2 = document("queue", "a", 1, {"title": "1"}), document("queue", "a", 2, {"title": "2"})
    a3 = document("queue", "a", 3, {"title": "1"})
    [changed] = diff_sets([a1], [a2])
    assert (changed.before, changed.after, changed.changes) == (1, 2, (Change("title", "1", "2"),))
    [added] = diff_sets([], [a1])
    assert (added.before, added.after) == (None, 1)
    [removed] = diff_sets([a1], [document("queue", "a", 4, None)])
    assert (removed.before, removed.after) == (1, None)
    assert diff_sets([a1], [a3]) == []
    assert a1.ref == Ref("queue", "a")
