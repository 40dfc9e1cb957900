"""What kind of matter it is and how urgent. Pure (floor rules 2.15, 2.17, 2.18)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from yizhan.desk.triage.model import Case, Conclusion, Facts
from yizhan.desk.triage.rules import STATED, TriageRules, folded
from yizhan.records.config import SHIPPED_TREE, UNSORTED, TypeTree, path_of

DEADLINE = timedelta(seconds=2)
STICKY_DAYS = timedelta(days=7)
NORMAL, HIGH, URGENT = 2, 3, 4
MOST_TEXT = 20_000
_NAMED = {"en": "english"}
"""What a skill in a language may be called, beside its code."""


def conclude(
    case: Case, facts: Facts, rules: TriageRules, skills: Collection[str], types: TypeTree = SHIPPED_TREE
) -> Conclusion:
    """The same facts give the same conclusion. A type a person chose is not judged again."""
    return _judge(case, facts, rules, skills, types, decided=case.type_sure)


def revise(
    case: Case, facts: Facts, rules: TriageRules, skills: Collection[str], types: TypeTree = SHIPPED_TREE
) -> Conclusion:
    """What later words change: the type while it is none or a guess, the priority upwards, never what a person set."""
    decided = case.type_sure or not (case.type == UNSORTED or case.type in rules.unsure)
    return _judge(case, facts, rules, skills, types, decided=decided)


def _judge(
    case: Case, facts: Facts, rules: TriageRules, skills: Collection[str], types: TypeTree, *, decided: bool
) -> Conclusion:
    kind, priority, raised, safety = case.type, NORMAL, 0, False
    needed: dict[str, None] = {}
    matched: list[str] = []
    failed: list[tuple[str, str]] = []
    told = {**facts, STATED: stated(str(facts.get("text") or ""), rules), "type": kind, "types": path_of(kind)}
    for each in rules.rules:
        told["priority"] = max(priority, case.priority)
        rule = each.rule
        try:
            if not each.check(told):
                continue
        except Exception as error:  # told to the journal by who asked: no ticket waits for a rule
            failed.append((rule.key, repr(error)))
            continue
        matched.append(rule.key)
        if rule.type is not None and rule.type in types and not decided:
            kind, decided = rule.type, True
            told |= {"type": kind, "types": path_of(kind)}
        priority = max(priority, rule.priority or 0)
        raised += rule.raise_by
        safety = safety or rule.safety
        needed |= dict.fromkeys(rule.skills)
    if rules.skill_by_type:
        needed |= dict.fromkeys([key for key in reversed(path_of(kind)) if key in skills][:1])
    if rules.skill_by_language:
        spoken = str(facts.get("language") or "zh")
        needed |= dict.fromkeys(
            [key for key in (_NAMED.get(spoken, ""), spoken) if key in skills and spoken != "zh"][:1]
        )
    priority = max(priority, types.priority(kind) or 0)
    urgency = priority if priority >= HIGH else min(priority + raised, HIGH)
    return Conclusion(
        kind, max(case.priority, urgency), safety, tuple(key for key in needed if key in skills), tuple(matched),
        rules.source, urgency, failed=tuple(failed),
    )  # fmt: skip


def stated(text: str, rules: TriageRules) -> str:
    """What is said without what is denied: a sign right after a denial is left out. In doubt it is stated."""
    words = folded(text)
    if not rules.denials or rules.any_sign.search(words) is None:
        return words
    denied: list[tuple[int, int]] = []
    for sign in rules.signs:
        at = words.find(sign)
        while at >= 0:
            if words.endswith(rules.denials, 0, at):
                denied.append((at, at + len(sign)))
            at = words.find(sign, at + 1)
    for start, end in denied:
        words = f"{words[:start]}{' ' * (end - start)}{words[end:]}"
    return words
