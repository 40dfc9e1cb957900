"""How urgent a matter is. Pure: the same facts, rules and instant give the same decision (floor rules 2.17, 2.18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from yizhan.desk.priority.documents import PriorityDocument, PriorityRule, Promotion, together
from yizhan.desk.priority.model import HIGH, URGENT, Applied, Decision, Failure, Why
from yizhan.foundation.conditions import compile_closure, fields_used

Facts = Mapping[str, object]


class Compiled(msgspec.Struct, frozen=True):
    """A rule with its condition compiled."""

    rule: PriorityRule
    holds: Any  # Callable[[Facts], bool]: a struct cannot say so


class PriorityRules(msgspec.Struct, frozen=True):
    """Those of a place; `source` names the released documents they are from, `asked` the fields of all conditions."""

    rules: tuple[Compiled, ...]
    promotions: Mapping[int, Promotion]
    source: str
    asked: frozenset[str] = frozenset()


def compile_priority(documents: Sequence[PriorityDocument], source: str) -> PriorityRules:
    whole = together(documents)
    promotions = whole.promotions if isinstance(whole.promotions, tuple) else ()
    return PriorityRules(
        tuple(Compiled(rule, compile_closure(rule.condition)) for rule in whole.rules if rule.enabled),
        {each.from_priority: each for each in promotions},
        source,
        frozenset[str]().union(*(fields_used(rule.condition) for rule in whole.rules if rule.enabled)),
    )


def decide(facts: Facts, rules: PriorityRules, now: datetime) -> Decision:
    """`facts` has `priority` and `safety` as triage found them. A rule that fails decides nothing."""
    found = int(str(facts["priority"]))
    if facts.get("safety"):
        return Decision(URGENT, found, Why.SAFETY, source=rules.source)
    said: int | None = None
    raised = 0
    matched: list[Applied] = []
    failed: list[Failure] = []
    for each in rules.rules:
        rule = each.rule
        if not rule.running(now):
            continue
        holds = _holds(each.holds, facts)
        if isinstance(holds, str):
            failed.append(Failure(rule.key, holds))
        elif holds and rule.priority is not None and said is None:
            said = rule.priority
            matched.append(Applied(rule.key, rule.title, f"={rule.priority}", rule.title_en))
        elif holds and rule.raise_by:
            raised += rule.raise_by
            matched.append(Applied(rule.key, rule.title, f"+{rule.raise_by}", rule.title_en))
    base = _base(found, said)
    priority = base if base >= HIGH else min(base + raised, HIGH)
    return Decision(priority, found, Why.RULES, tuple(matched), tuple(failed), rules.source)


def _base(found: int, said: int | None) -> int:
    """What a rule says, but what triage found grave stays so."""
    if said is None:
        return found
    return max(found, said) if found >= HIGH else said


def _holds(check: Callable[[Facts], bool], facts: Facts) -> bool | str:
    """The words of the fault where the condition cannot be judged: a ticket is never held up by a rule."""
    try:
        return check(facts)
    except Exception as fault:  # told to the journal and to people by who asked
        return repr(fault)[:200]


def promotion_due(priority: int, waiting_since: datetime | None, rules: PriorityRules) -> datetime | None:
    """When waiting raises it next; None where nothing does."""
    step = rules.promotions.get(priority)
    if step is None or waiting_since is None:
        return None
    return waiting_since + timedelta(minutes=step.after_minutes)
