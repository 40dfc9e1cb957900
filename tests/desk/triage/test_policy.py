"""What words mean to triage: pure."""

from __future__ import annotations

from uuid import UUID

import pytest

from yizhan.desk.triage import Case, TriageRules, conclude
from yizhan.records.tickets import TicketType

RULES = TriageRules()


def case(text: str, **more: object) -> Case:
    fields: dict[str, object] = {
        "ticket_id": UUID(int=1), "subject": text[:20], "text": text, "type": TicketType.OTHER, "type_sure": False,
        "priority": 2, "level": 0, **more,
    }  # fmt: skip
    return Case(**fields)  # type: ignore[arg-type]


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
    verdict = conclude(case(text), RULES, ())
    assert (verdict.type, verdict.priority) == (kind, priority)


@pytest.mark.parametrize("text", ["没有冒烟,就是不热", "并未漏电", "there is no electric shock"])
def test_what_is_denied_is_not_stated(text: str) -> None:
    assert not conclude(case(text), RULES, ()).safety


@pytest.mark.parametrize("text", ["空调没反应还冒烟", "没有冒烟但是漏电了", "一开始没着火,后来着火了"])
def test_in_doubt_it_is_stated(text: str) -> None:
    assert conclude(case(text), RULES, ()).safety


def test_a_level_raises_by_one_and_never_to_a_matter_of_safety() -> None:
    assert conclude(case("请问发货了吗", level=2), RULES, ()).priority == 3
    assert conclude(case("我要投诉", level=2), RULES, ()).priority == 3
    assert conclude(case("冒烟了", level=0), RULES, ()).priority == 4


def test_a_persons_own_judgement_stays() -> None:
    verdict = conclude(case("我要投诉", type=TicketType.PRAISE, type_sure=True, priority=4), RULES, ())
    assert (verdict.type, verdict.priority) == ("praise", 4)


def test_a_skill_is_asked_for_only_where_somebody_has_it() -> None:
    assert conclude(case("我要退款"), RULES, ("refund",)).skill == "refund"
    assert conclude(case("我要退款"), RULES, ("complaint",)).skill is None


def test_the_word_lists_are_configuration() -> None:
    rules = TriageRules(types={"refund": ("不要了",)}, safety=("炸了",))
    verdict = conclude(case("炸了,不要了"), rules, ())
    assert (verdict.type, verdict.priority) == ("refund", 4)
