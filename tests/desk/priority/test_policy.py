"""How urgent: by rules in their order, by campaigns in their time, safety before all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yizhan.desk.priority import (
    PRIORITY_RULES,
    SHIPPED,
    PriorityDocument,
    Why,
    compile_priority,
    decide,
)
from yizhan.desk.priority.policy import Compiled, PriorityRules
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "type": "consult", "priority": 2, "safety": False, "level": 0, "repeats": 0, "text": "", "now": NOW,
}  # fmt: skip


def rules(*said: dict[str, Any], **more: Any) -> PriorityRules:
    document = PRIORITY_RULES.decode({"rules": list(said), **more})
    return compile_priority([document], "test")


def text(*words: str) -> dict[str, Any]:
    return {"field": "text", "op": "contains", "value": list(words)}


def test_a_level_raises_by_one_but_no_further_than_high() -> None:
    shipped = compile_priority([SHIPPED], "test")
    assert decide({**FACTS, "level": 2}, shipped, NOW).priority == 3
    told = decide({**FACTS, "level": 2, "repeats": 3}, shipped, NOW)
    assert (told.priority, [each.key for each in told.matched]) == (3, ["member", "repeat"])
    assert decide({**FACTS, "type": "praise"}, shipped, NOW).priority == 1
    assert decide({**FACTS, "type": "praise", "level": 1}, shipped, NOW).priority == 2


def test_safety_is_first_whatever_the_rules_say() -> None:
    told = decide({**FACTS, "safety": True}, rules({"key": "low", "priority": 1}), NOW)
    assert (told.priority, told.why) == (4, Why.SAFETY)


def test_the_first_that_says_decides_and_what_is_grave_stays() -> None:
    said = rules({"key": "a", "when": text("物流"), "priority": 1}, {"key": "b", "when": text("查"), "priority": 3,
                                                                   "start": "2026-11-01T00:00:00Z"})  # fmt: skip
    assert decide({**FACTS, "text": "查物流"}, said, NOW).priority == 1
    assert decide({**FACTS, "text": "查物流", "priority": 3}, said, NOW).priority == 3


def test_a_campaign_counts_in_its_time() -> None:
    sale = rules(
        {"key": "cancel", "when": text("取消订单"), "priority": 3, "start": "2026-11-10T00:00:00+08:00",
         "end": "2026-11-13T00:00:00+08:00"},
        {"key": "parcel", "when": text("物流"), "priority": 1, "start": "2026-11-10T00:00:00+08:00",
         "end": "2026-11-13T00:00:00+08:00"},
    )  # fmt: skip
    asks = [{**FACTS, "text": "取消订单"}, {**FACTS, "text": "物流到哪了"}]
    assert [decide(each, sale, NOW).priority for each in asks] == [3, 1]
    assert [decide(each, sale, NOW + timedelta(days=3)).priority for each in asks] == [2, 2]


def test_a_rule_that_fails_is_skipped_and_said() -> None:
    def fails(_: object) -> bool:
        raise TypeError("no")

    good = rules({"key": "up", "raise_by": 1})
    broken = PriorityRules((Compiled(good.rules[0].rule, fails), *good.rules), {}, "test")
    told = decide(FACTS, broken, NOW)
    assert told.priority == 3
    assert [(each.key, "no" in each.error) for each in told.failed] == [("up", True)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rules": [{"key": "a"}]}, "rules[0]"),
        ({"rules": [{"key": "a", "priority": 3, "raise_by": 1}]}, "rules[0].raise_by"),
        ({"rules": [{"key": "a", "priority": 3}, {"key": "a", "priority": 1}]}, "rules[1].key"),
        ({"rules": [{"key": "a", "priority": 3, "when": text("x")}, {"key": "b", "priority": 1, "when": text("x")}]},
         "rules[1].when"),
        ({"rules": [{"key": "a", "priority": 3, "when": {"all": [
            {"field": "level", "op": "gt", "value": 2}, {"field": "level", "op": "lt", "value": 1}]}}]},
         "rules[0].when"),
        ({"rules": [
            {"key": "a", "priority": 3, "when": {"field": "priority", "op": "eq", "value": 2}},
            {"key": "b", "priority": 2, "when": {"field": "priority", "op": "eq", "value": 3}}]}, "rules[1]"),
        ({"rules": [{"key": "a", "priority": 3, "start": "2026-11-12T00:00:00Z", "end": "2026-11-11T00:00:00Z"}]},
         "rules[0].end"),
        ({"promotions": [{"after_minutes": 30, "from_priority": 3, "to_priority": 2}]}, "promotions[0].to_priority"),
        ({"promotions": [{"after_minutes": 30, "from_priority": 1, "to_priority": 2},
                         {"after_minutes": 60, "from_priority": 1, "to_priority": 3}]}, "promotions[1].from_priority"),
        ({"promotions": [{"after_minutes": 60, "from_priority": 1, "to_priority": 2},
                         {"after_minutes": 30, "from_priority": 2, "to_priority": 3}]}, "promotions[1].after_minutes"),
    ],
)  # fmt: skip
def test_wrong_rules_are_explained(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        PRIORITY_RULES.decode(body)
    assert wrong.value.field == field, wrong.value.message


def test_what_ships_is_right() -> None:
    assert isinstance(PRIORITY_RULES.default, PriorityDocument)
    assert PRIORITY_RULES.check is not None
    PRIORITY_RULES.check(PRIORITY_RULES.default)
