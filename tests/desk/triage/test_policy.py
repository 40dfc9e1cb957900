"""What words mean to triage: pure."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.desk.triage.books import book_of
from yizhan.desk.triage import TRIAGE, Case, Conclusion, TriageRules, conclude, revise, triage_book
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Body, Places

RULES = triage_book().of()


def case(**more: object) -> Case:
    fields: dict[str, object] = {
        "ticket_id": UUID(int=1), "type": "other", "type_sure": False, "priority": 2, **more,
    }  # fmt: skip
    return Case(**fields)  # type: ignore[arg-type]


def judged(
    text: str, rules: TriageRules = RULES, skills: tuple[str, ...] = (), *, level: int = 0, **more: object
) -> Conclusion:
    return conclude(case(**more), {"text": text, "level": level}, rules, skills)


def later(text: str, rules: TriageRules = RULES, skills: tuple[str, ...] = (), **more: object) -> Conclusion:
    return revise(case(**more), {"text": text, "level": 0}, rules, skills)


@pytest.mark.parametrize(
    ("text", "kind", "priority"),
    [
        ("请问什么时候发货?", "consult", 2),
        ("这个能退款吗", "refund", 2),
        ("净化器不出风了,帮我看看", "aftersale", 2),
        ("我要投诉你们客服", "complaint", 3),
        ("坏了,再不退款我就去12315", "complaint", 3),
        ("再不处理我就找律师", "complaint", 3),
        ("电热毯冒烟了!!", "aftersale", 4),
        ("插头漏电,孩子受伤了,我要投诉", "complaint", 4),
        ("建议出个大一点的尺寸", "suggest", 2),
        ("小林服务很好,点赞", "praise", 2),
        ("嗯", "other", 2),
        ("The heater is broken and smoking", "aftersale", 4),
        ("I want my money back", "refund", 2),
        ("How long does delivery take?", "consult", 2),
    ],
)
def test_words_make_type_and_urgency(text: str, kind: str, priority: int) -> None:
    verdict = judged(text)
    assert (verdict.type, verdict.priority) == (kind, priority)


@pytest.mark.parametrize("text", ["没有冒烟,就是不热", "并未漏电", "there is no electric shock"])
def test_what_is_denied_is_not_stated(text: str) -> None:
    assert not judged(text).safety


@pytest.mark.parametrize(
    "text",
    [
        "空调没反应还冒烟",
        "没有冒烟但是漏电了",
        "一开始没着火,后来着火了",
        "我没事着火了",
        "NO SMOKING SMELL BUT ON FIRE",
    ],
)
def test_in_doubt_it_is_stated(text: str) -> None:
    assert judged(text).safety


def test_a_complaint_is_high_and_a_matter_of_safety_urgent() -> None:
    assert judged("我要投诉", level=2).priority == 3
    assert judged("冒烟了").priority == 4


def test_a_persons_own_judgement_stays() -> None:
    verdict = judged("我要投诉", type="praise", type_sure=True, priority=4)
    assert (verdict.type, verdict.priority) == ("praise", 4)


def test_a_skill_is_asked_for_only_where_somebody_has_it() -> None:
    assert judged("我要退款", skills=("refund",)).skills == ("refund",)
    assert judged("我要退款", skills=("complaint",)).skills == ()


def test_what_held_and_of_which_release_is_told() -> None:
    told = judged("坏了,再不退款我就去12315")
    assert told.matched == ("type.complaint", "type.refund", "type.aftersale", "complaint", "public")
    assert told.rules == "built-in"


def test_later_words_name_what_was_none_or_a_guess() -> None:
    assert later("我要投诉").type == "complaint"
    assert later("我要投诉", type="consult").type == "complaint"
    assert later("我要投诉", type="refund").type == "refund"
    assert later("我要投诉", type="consult", type_sure=True).type == "consult"
    assert later("在吗", type="refund").type == "refund"


def test_later_words_make_any_matter_more_urgent_and_none_less() -> None:
    told = later("现在冒烟了", type="refund", type_sure=True)
    assert (told.type, told.priority, told.safety) == ("refund", 4, True)
    assert later("好的", priority=3).priority == 3


def test_the_words_of_an_inbox_stand_before_the_houses_own() -> None:
    inbox = UUID(int=7)
    book = book_of({}, toys={"inboxes": [str(inbox)], "rules": [
        {"key": "type.refund", "when": {"field": "客户的话", "op": "contains", "value": "不要了"}, "type": "refund"},
        {"key": "type.consult", "enabled": False},
        {"key": "kids", "when": {"all": [{"field": "text", "op": "contains", "value": ["孩子", "宝宝"]}]},
         "priority": 3, "skills": ["kids"]},
    ]})  # fmt: skip
    here, elsewhere = book.of(inbox), book.of()
    assert judged("不要了", here).type == "refund"
    assert judged("我要退款", here).type == "other"
    assert judged("我要退款", elsewhere).type == "refund"
    assert judged("请问", here).type == "other"
    told = judged("宝宝不要了", here, ("refund", "kids"))
    assert (told.priority, told.skills, told.rules) == (3, ("kids", "refund"), "triage/default@1+toys@1")


@pytest.mark.parametrize(
    ("rule", "field", "says"),
    [
        ({"when": {"field": "mood", "op": "eq", "value": 1}, "priority": 3}, "rules[0].when.field", "unknown field"),
        ({"when": {"any": []}, "priority": 3}, "rules[0].when.any", "at least one"),
        ({"when": {}}, "rules[0]", "nothing follows"),
        ({"when": {}, "type": "Rant!"}, "rules[0].type", "matching regex"),
        ({"when": {}, "priority": 9}, "rules[0].priority", "<= 4"),
        ({"when": {}, "unsure": True, "priority": 3}, "rules[0].unsure", "only a type"),
        ({"when": {"all": [{"field": "type", "op": "eq", "value": "refund"},
                           {"field": "工单类型", "op": "eq", "value": "praise"}]}, "priority": 3},
         "rules[0].when", "no ticket can ever"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_with_its_place(rule: Body, field: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        TRIAGE.decode({"rules": [{"key": "a", **rule}]})
    assert refused.value.field == field


def test_a_rule_that_names_what_the_house_does_not_have_is_refused() -> None:
    places = Places(skills=frozenset({"refund"}), keys={"inbox": frozenset({"shop"})})
    assert TRIAGE.verify is not None
    inbox = {"field": "inbox", "op": "eq", "value": "x"}
    for wrong in ({"when": {}, "skills": ["magic"]}, {"when": inbox, "priority": 3}):
        document = TRIAGE.decode({"rules": [{"key": "a", **wrong}]})
        with pytest.raises(Invalid, match="there is no"):
            TRIAGE.verify(document, places)
    fine = {"key": "a", "when": {"field": "接入点", "op": "in", "value": ["shop"]}, "skills": ["refund"]}
    TRIAGE.verify(TRIAGE.decode({"rules": [fine]}), places)
