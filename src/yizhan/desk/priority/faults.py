"""Faults of priority rules, explained when a document is saved, or where only several contradict, when released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from yizhan.desk.forms import check_asked
from yizhan.desk.priority.circles import ensure_no_circle, ensure_none_around
from yizhan.desk.priority.documents import (
    FIELDS,
    SHIPPED,
    PriorityDocument,
    PriorityRule,
    Promotion,
    together,
)
from yizhan.desk.priority.model import NAMES
from yizhan.desk.priority.policy import PriorityRules, compile_priority
from yizhan.foundation.conditions import All, Condition, Leaf, Op, contradiction
from yizhan.foundation.conditions import Any as AnyOf
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    Advice,
    Around,
    Kind,
    Places,
    Published,
    Rulings,
    check_places,
    check_rulings,
    of_condition,
)

_FAR = timedelta(days=366)

PriorityBook = Rulings[PriorityDocument, PriorityRules]


def priority_book() -> PriorityBook:
    """What ships, until it takes a release."""
    return Rulings(PRIORITY_RULES, _compile)


def _compile(documents: Sequence[PriorityDocument], source: str) -> PriorityRules:
    house = documents and not (documents[0].inboxes or documents[0].teams)
    whole = documents if house else [SHIPPED, *documents]
    ensure_no_circle(together(whole))
    return compile_priority(whole, source)


def check(document: PriorityDocument) -> None:
    """Raises Invalid with the place of the fault."""
    seen: dict[str, int] = {}
    for place, rule in enumerate(document.rules):
        path = f"rules[{place}]"
        if rule.key in seen:
            raise Invalid(f"two rules have the key {rule.key}", f"{path}.key")
        seen[rule.key] = place
        if rule.enabled:
            _check_rule(rule, path)
    _check_hidden(document.rules)
    _check_promotions(document.promotions if isinstance(document.promotions, tuple) else ())
    ensure_no_circle(document)


def _check_rule(rule: PriorityRule, path: str) -> None:
    try:
        condition = rule.condition
    except Invalid as fault:
        raise Invalid(fault.message, f"{path}.when.{fault.field}" if fault.field else f"{path}.when") from None
    if reason := contradiction(condition):
        raise Invalid(f"no ticket can ever fulfil this: {reason}", f"{path}.when")
    if rule.priority is None and not rule.raise_by:
        raise Invalid("nothing follows from this rule", path)
    if rule.priority is not None and rule.raise_by:
        raise Invalid("a rule says the priority or raises it: one of both", f"{path}.raise_by")
    if rule.start is not None and rule.end is not None and rule.end <= rule.start:
        raise Invalid("the campaign would end before it begins", f"{path}.end")


def _check_hidden(rules: Sequence[PriorityRule]) -> None:
    """A rule that can never decide, because one of the same condition always does before."""
    deciding = [(place, rule) for place, rule in enumerate(rules) if rule.enabled and rule.priority is not None]
    for at, (place, rule) in enumerate(deciding):
        for _, before in deciding[:at]:
            always = before.start is None and before.end is None
            if always and (before.when in ({}, []) or before.when == rule.when):
                which = f"{before.key} ({NAMES[before.priority or 2]})"
                raise Invalid(f"{which} always decides before this rule: they contradict", f"rules[{place}].when")


def _check_promotions(promotions: Sequence[Promotion]) -> None:
    seen: dict[int, int] = {}
    for place, each in enumerate(promotions):
        path = f"promotions[{place}]"
        if each.to_priority <= each.from_priority:
            raise Invalid(
                f"waiting would lower {NAMES[each.from_priority]} to {NAMES[each.to_priority]}", f"{path}.to_priority"
            )
        if each.from_priority in seen:
            raise Invalid(f"two steps begin at {NAMES[each.from_priority]}", f"{path}.from_priority")
        seen[each.from_priority] = place
        lower = [p for p in promotions[:place] if p.to_priority == each.from_priority]
        if lower and lower[0].after_minutes >= each.after_minutes:
            raise Invalid(
                f"{NAMES[each.to_priority]} after {each.after_minutes} minutes comes no later than "
                f"{NAMES[each.from_priority]} after {lower[0].after_minutes}", f"{path}.after_minutes",
            )  # fmt: skip


def fits(document: PriorityDocument, among: Published) -> None:
    """Raises Circular where triage or SLA policies and these rules turn each other round; raises Invalid for rules that
    ask for own fields of tickets that are not there."""
    enabled = [(place, rule) for place, rule in enumerate(document.rules) if rule.enabled]
    check_asked(among, FIELDS, [(rule.when, f"rules[{place}].when") for place, rule in enabled])
    ensure_none_around(document, among)


def _every(condition: Condition) -> Iterable[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts if isinstance(condition, All | AnyOf) else (condition.part,):
            yield from _every(part)


def verify(document: PriorityDocument, places: Places) -> None:
    """Raises Invalid for a brand, inbox or team the house does not have."""
    check_places(document, places)
    for place, rule in enumerate(document.rules):
        for leaf in _every(rule.condition) if rule.enabled else ():
            known = places.keys.get(leaf.field.name)
            values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
            if known is None or leaf.op not in (Op.EQ, Op.NE, Op.IN, Op.NOT_IN):
                continue
            for value in values:
                if value not in known:
                    raise Invalid(f"there is no {leaf.field.name} with the key {value}", f"rules[{place}].when")


def _check_together(documents: Mapping[str, PriorityDocument]) -> None:
    check_rulings("priority_rules", documents, _compile)


def advise(document: PriorityDocument, around: Around) -> Iterable[Advice]:
    for place, rule in enumerate(document.rules):
        if not rule.enabled:
            continue
        yield from of_condition(rule.condition, f"rules[{place}].when", around)
        if rule.end is not None and rule.end <= around.now:
            yield Advice(f"rules[{place}].end", "the campaign is over: this rule does nothing any more")
        if rule.start is not None and rule.start - around.now > _FAR:
            yield Advice(f"rules[{place}].start", "the campaign begins more than a year ahead")


PRIORITY_RULES = Kind(
    "priority_rules", PriorityDocument, check, check_together=_check_together, verify=verify,
    title=("优先级规则", "Priority rules"), fields=FIELDS, default=SHIPPED, fits=fits, advise=advise,
)  # fmt: skip
