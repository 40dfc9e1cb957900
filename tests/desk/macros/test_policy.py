"""What a macro would do on a ticket as it is, and which make sense."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from yizhan.desk.macros import MACRO, Macro, Situation, mark_of, plan
from yizhan.foundation.errors import Invalid
from yizhan.records.config import in_chinese

TEAM = "00000000-0000-0000-0000-000000000007"
WHOLE: dict[str, Any] = {
    "title": "甲", "reply": "sorry", "type": "refund", "priority": 3, "add_tags": ["a", "b"], "remove_tags": ["c"],
    "end": {"solved": "follow_up"}, "wait": {"reason": "internal", "hours": 4}, "team": TEAM,
}  # fmt: skip


def macro(**more: Any) -> Macro:
    return MACRO.decode({"title": "甲"} | more)


def at(**more: Any) -> Situation:
    usual: dict[str, Any] = {"type": "other", "priority": 2, "tags": ["a", "c"], "live": True, "words": "好"}
    return Situation(**(usual | more))


def test_the_customer_hears_first_and_what_gives_the_work_away_comes_last() -> None:
    steps = plan(MACRO.decode(WHOLE), at())
    assert [step.deed.value for step in steps] == ["reply", "change", "tag", "end", "wait", "assign"]
    assert (steps[2].add, steps[2].remove, steps[5].team_id) == (("b",), ("c",), UUID(TEAM))
    assert [step.deed.value for step in plan(macro(team=TEAM), at())] == ["transfer"]
    quiet = at(live=False)
    assert [step.deed.value for step in plan(macro(team=TEAM, end={}), quiet)] == ["submit", "assign"]
    assert plan(macro(end={"solved": "unsolved"}), quiet) == ()


def test_what_is_so_already_is_left_out_and_another_plan_has_another_mark() -> None:
    made = macro(type="refund", priority=3, add_tags=["a"])
    assert plan(made, at(type="refund.exchange", priority=3)) == ()
    some, other = plan(made, at()), plan(made, at(priority=3))
    assert mark_of(some) == mark_of(plan(made, at()))
    assert mark_of(some) != mark_of(other)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "reply"),
        ({"add_tags": ["a"], "remove_tags": ["a"]}, "remove_tags"),
        ({"wait": {"reason": "third_party"}}, "wait.hours"),
        ({"end": {}, "wait": {"reason": "customer_info"}}, "wait"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        macro(**more)
    assert refused.value.field == field
    assert in_chinese(refused.value.message)


def test_what_ships_can_be_saved_and_says_whose_words_it_sends() -> None:
    for shipped in MACRO.more.values():
        assert MACRO.decode(msgspec.to_builtins(shipped)) == shipped
        assert [ref.kind for ref in MACRO.references(shipped)] == ["quick_reply"]
