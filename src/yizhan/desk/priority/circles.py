"""Whether what a rule says of a priority is taken back by others that ask for what it says: told when saved. Pure.

What leads from one priority to another are rules here, those of triage, and steps of SLA policies that raise it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from yizhan.desk.priority.documents import PriorityDocument, PriorityRule
from yizhan.desk.priority.model import NAMES, URGENT
from yizhan.desk.sla import SLA_POLICY
from yizhan.desk.triage import TRIAGE, triage_condition
from yizhan.foundation.conditions import All, Condition, Leaf, Op
from yizhan.records.config import DEFAULT, Circular, Published

Ways = dict[int, dict[int, str]]
"""From a priority to another one, and by whom."""


def ensure_no_circle(document: PriorityDocument) -> None:
    """Raises Circular where rules of one document lead back to where they began."""
    ways: Ways = {}
    for rule in document.rules:
        for level in _changes(rule):
            ways.setdefault(level, {}).setdefault(rule.priority or level, rule.key)
    for start in ways:
        if (circle := _way_back(ways, start, [start])) is not None:
            places = {rule.key: place for place, rule in enumerate(document.rules)}
            raise _circular(circle, ways, places[ways[circle[-2]][circle[-1]]])


def ensure_none_around(document: PriorityDocument, among: Published) -> None:
    """Raises Circular where triage or an SLA policy and these rules turn each other round: one makes it urgent for
    being low, the other low for being urgent."""
    raised = raising(among)
    for place, rule in enumerate(document.rules):
        for level in _changes(rule):
            said = rule.priority or level
            back = _way(raised, said, level, [said])
            if back is not None:
                ways = {**raised, level: {**raised.get(level, {}), said: rule.key}}
                raise _circular([level, *back], ways, place)


def raising(among: Published) -> Ways:
    """How triage and SLA policies make a ticket more urgent than it was."""
    ways: Ways = {}
    triage = among.find(TRIAGE, DEFAULT)
    for rule in triage.rules if triage else ():
        if rule.enabled and rule.priority is not None:
            for level in asked(triage_condition(rule)):
                if level < rule.priority:
                    ways.setdefault(level, {}).setdefault(rule.priority, rule.key)
    for name, policy in (among.all(SLA_POLICY) if among.knows(SLA_POLICY.name) else {}).items():
        if any(step.do == "raise_priority" for step in policy.escalation):
            for level in asked(policy.condition) or NAMES:
                if level < URGENT:
                    ways.setdefault(level, {}).setdefault(level + 1, f"{SLA_POLICY.name}/{name}")
    return ways


def asked(condition: Condition) -> set[int]:
    """Priorities that a ticket must have for the condition to hold; none where it does not ask."""
    levels: set[int] = set()
    for leaf in _needed(condition):
        if leaf.field.name == "priority":
            levels |= {level for level in NAMES if _fits(level, leaf)}
    return levels


def _changes(rule: PriorityRule) -> list[int]:
    """The priorities it asks for and does not leave as they are."""
    if not rule.enabled or rule.priority is None:
        return []
    return sorted(level for level in asked(rule.condition) if level != rule.priority)


def _circular(circle: Sequence[int], ways: Mapping[int, Mapping[int, str]], place: int) -> Circular:
    told = " → ".join(NAMES[level] for level in circle)
    keys = ", ".join(dict.fromkeys(ways[a][b] for a, b in pairwise(circle)))
    return Circular(f"these rules go in a circle: {told} ({keys})", f"rules[{place}]")


def _way(ways: Mapping[int, Mapping[int, str]], at: int, to: int, path: list[int]) -> list[int] | None:
    if at == to:
        return path
    for following in ways.get(at, {}):
        if following not in path and (found := _way(ways, following, to, [*path, following])) is not None:
            return found
    return None


def _way_back(ways: Mapping[int, Mapping[int, str]], at: int, path: list[int]) -> list[int] | None:
    for following in ways.get(at, {}):
        if following in path:
            return [*path[path.index(following) :], following]
        if (found := _way_back(ways, following, [*path, following])) is not None:
            return found
    return None


def _fits(level: int, leaf: Leaf) -> bool:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    numbers = [float(str(value)) for value in values]
    checks = {
        Op.EQ: lambda: level == numbers[0], Op.IN: lambda: level in numbers, Op.GT: lambda: level > numbers[0],
        Op.GTE: lambda: level >= numbers[0], Op.LT: lambda: level < numbers[0], Op.LTE: lambda: level <= numbers[0],
    }  # fmt: skip
    return leaf.op in checks and checks[leaf.op]()


def _needed(condition: Condition) -> Iterable[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, All):
        for part in condition.parts:
            yield from _needed(part)
