"""The kind of document: its faults, found when it is saved, and what a new house begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yizhan.desk.complaints.documents import (
    FIELDS,
    SAFETY,
    Clocks,
    ComplaintRules,
    Department,
    Grading,
    Rung,
    Title,
    condition_of,
)
from yizhan.desk.forms import check_asked
from yizhan.foundation.calendar import WEEKDAYS, CalendarDocument
from yizhan.foundation.conditions import contradiction
from yizhan.foundation.errors import Invalid
from yizhan.records.cases import Source
from yizhan.records.complaints import LADDER, Grade
from yizhan.records.config import CALENDAR, Advice, Around, Kind, Places, Published, Ref, of_condition


def check(rules: ComplaintRules) -> None:
    """Raises Invalid with the place of the fault."""
    _once([rule.key for rule in rules.grading], "grading", "rules")
    _once([product.key for product in rules.products], "products", "products")
    _once([department.key for department in rules.departments], "departments", "departments")
    _once([rung.step for rung in rules.ladder], "ladder", "steps")
    _each_word_once(rules)
    for place, rule in enumerate(rules.grading):
        path = f"grading[{place}].when"
        try:
            condition = condition_of(rule)
        except Invalid as fault:
            raise Invalid(fault.message, f"{path}.{fault.field}" if fault.field else path) from None
        if reason := contradiction(condition):
            raise Invalid(f"no ticket can ever fulfil this: {reason}", path)
    for name, clocks in rules.clocks.items():
        if not clocks.first_contact <= clocks.plan <= clocks.close:
            raise Invalid("first contact comes before the plan, and the plan before the end", f"clocks.{name}")
    order = [LADDER.index(rung.step) for rung in rules.ladder]
    if order != sorted(order):
        raise Invalid("the ladder only goes up: lead, supervisor, specialist, legal", "ladder")
    if not rules.duty:
        raise Invalid("somebody has to be reached in a crisis", "duty")
    if rules.limits and all(limit == 0 for limit in rules.limits.values()):
        raise Invalid("nobody may grant anything", "limits")


def verify(rules: ComplaintRules, places: Places) -> None:
    """Raises Invalid for a role or team the house does not have."""
    roles, teams = places.keys.get("role", frozenset()), places.keys.get("team", frozenset())
    for key in rules.limits:
        if key not in roles:
            raise Invalid(f"there is no role with the key {key}", f"limits.{key}")
    named = [(f"duty[{n}]", word) for n, word in enumerate(rules.duty)]
    if rules.war_room != ComplaintRules().war_room:  # a house without these roles confers with whom it has
        named += [(f"war_room[{n}]", word) for n, word in enumerate(rules.war_room)]
    named += [(f"ladder[{r}].who[{n}]", w) for r, rung in enumerate(rules.ladder) for n, w in enumerate(rung.who)]
    for path, word in named:
        kind, _, key = word.partition(":")
        if (kind == "role" and key not in roles) or (kind == "team" and key not in teams):
            raise Invalid(f"there is no {kind} with the key {key}", path)


def advise(rules: ComplaintRules, around: Around) -> Iterable[Advice]:
    for place, rule in enumerate(rules.grading):
        yield from of_condition(condition_of(rule), f"grading[{place}].when", around)


def _refers_to(rules: ComplaintRules) -> Iterable[Ref]:
    return [Ref(CALENDAR.name, rules.calendar)] if rules.calendar else []


def _each_word_once(rules: ComplaintRules) -> None:
    """Cases of a product are counted: a word that means two counts for neither."""
    owners: dict[str, str] = {}
    for place, product in enumerate(rules.products):
        for at, word in enumerate(product.words):
            owner = owners.setdefault(word.strip().lower(), product.key)
            if owner != product.key:
                raise Invalid(f"{word} is listed in {owner} too: which one counts?", f"products[{place}].words[{at}]")


def _once(keys: list[Any], path: str, what: str) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise Invalid(f"two {what} have the key {key}", f"{path}[{place}]")


def _says(*words: str) -> dict[str, Any]:
    return {"field": "text", "op": "contains", "value": list(words)}


_AT_STAKE = {"field": SAFETY, "op": "eq", "value": True}
_COMPLAINS = {"field": "type", "op": "eq", "value": "complaint"}
_DEPARTMENTS = (
    ("product", "产品质量", "Product quality"), ("logistics", "仓储物流", "Warehouse and delivery"),
    ("service", "客服服务", "Customer service"), ("repair", "安装维修", "Installation and repair"),
    ("finance", "财务", "Finance"), ("marketing", "市场活动", "Marketing"),
)  # fmt: skip

SHIPPED = ComplaintRules(
    title="出厂设置", title_en="As shipped",
    clocks={
        "any": Clocks(),
        "major": Clocks(first_contact=60, plan=12 * 60, close=5 * 24 * 60),
        "crisis": Clocks(first_contact=15, plan=4 * 60, close=3 * 24 * 60),
    },
    grading=(
        Grading(
            key="fire", title="起火", title_en="Fire", grade=Grade.CRISIS,
            when={"all": [_AT_STAKE, _says(
                "着火", "起火", "冒烟", "爆炸", "燃气泄漏", "on fire", "smoking", "explod",
            )]},
        ),
        Grading(
            key="injury", title="人身伤害", title_en="Injury", grade=Grade.CRISIS,
            when={"all": [_AT_STAKE, _says(
                "受伤", "烫伤", "烧伤", "触电", "漏电", "住院", "流血", "骨折", "electric shock", "injured",
            )]},
        ),
        Grading(
            key="minors", title="未成年人", title_en="Minors", grade=Grade.CRISIS,
            when={"any": [
                {"all": [_AT_STAKE, _says("孩子", "小孩", "宝宝", "儿童", "婴儿", "my child", "baby")]},
                {"all": [_COMPLAINS, _says("未成年", "underage")]},
            ]},
        ),
        Grading(key="safety", title="其他安全问题", title_en="Other danger", grade=Grade.CRISIS, when=_AT_STAKE),
        Grading(
            key="media", title="媒体介入", title_en="Media", grade=Grade.CRISIS,
            when={"all": [_COMPLAINS, _says("记者", "电视台", "媒体", "上热搜", "journalist", "reporter")]},
        ),
        Grading(
            key="public", title="监管与舆论", title_en="Authorities and public opinion", grade=Grade.MAJOR,
            when={"all": [_COMPLAINS, _says(
                "12315", "12345", "曝光", "消协", "律师", "起诉", "工信部", "黑猫", "lawyer", "sue you",
            )]},
        ),
        Grading(
            key="again", title="重复投诉", title_en="Repeated complaint", grade=Grade.MAJOR,
            when={"all": [_COMPLAINS, {"field": "repeats", "op": "gte", "value": 2}]},
        ),
    ),
    departments=tuple(Department(key, Title(zh, en)) for key, zh, en in _DEPARTMENTS),
    duty=("duty", "role:supervisor"),
    ladder=(
        Rung("lead", ("lead", "role:lead")),
        Rung("supervisor", ("role:supervisor",)),
        Rung("specialist", ("role:specialist", "role:supervisor")),
        Rung("legal", ("role:legal", "role:admin")),
    ),
    limits={"agent": 20, "agent_own": 20, "lead": 100, "supervisor": 500, "specialist": 500, "admin": None},
    working_days={
        Source.HOTLINE_12315: 7, Source.HOTLINE_12345: 5, Source.CONSUMER: 10, Source.MIIT: 15, Source.HEIMAO: 7,
        Source.PLATFORM: 3,
    },
)  # fmt: skip
"""Deadlines of authorities differ by place and change: a house sets its own."""


WORKDAYS = CalendarDocument(
    name={"zh": "法定工作日", "en": "Public working days"},
    tz="Asia/Shanghai",
    weekly={day: ["09:00-18:00"] for day in WEEKDAYS[:5]},
    country="CN",
)
"""By which authorities count, where the rules name no calendar: with public holidays and make-up workdays."""


def fits(rules: ComplaintRules, among: Published) -> None:
    """Raises Invalid for rules that ask for own fields of tickets that are not there."""
    enabled = [(place, each) for place, each in enumerate(rules.grading) if each.enabled]
    check_asked(among, FIELDS, [(each.when, f"grading[{place}].when") for place, each in enabled])


COMPLAINTS = Kind(
    "complaints", ComplaintRules, check, refers_to=_refers_to, verify=verify, title=("投诉处理", "Complaints"),
    fields=FIELDS, default=SHIPPED, fits=fits, advise=advise,
)  # fmt: skip
