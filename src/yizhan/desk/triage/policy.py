"""What kind of matter it is and how urgent. Pure (floor rules 2.15, 2.17, 2.18)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from yizhan.desk.triage.model import Case, Conclusion, TriageRules
from yizhan.records.tickets import TicketType

DEADLINE = timedelta(seconds=2)
STICKY_DAYS = timedelta(days=7)
NORMAL, HIGH, URGENT = 2, 3, 4


def conclude(case: Case, rules: TriageRules, skills: Collection[str]) -> Conclusion:
    """The same words give the same conclusion. A type a person chose is not judged again."""
    words = f"{case.subject}\n{case.text}".casefold()
    kind = case.type if case.type_sure else type_of(words, rules, otherwise=case.type)
    safety = says(words, rules.safety, rules)
    priority = max(case.priority, urgency(words, kind, case.level, rules, safety=safety))
    return Conclusion(kind, priority, safety, kind.value if kind.value in skills else None)


def type_of(words: str, rules: TriageRules, *, otherwise: TicketType) -> TicketType:
    for key, signs in rules.types.items():
        if any(sign in words for sign in signs):
            return TicketType(key)
    return otherwise


def urgency(words: str, kind: TicketType, level: int, rules: TriageRules, *, safety: bool) -> int:
    """A member's level raises by one, but nothing comes before a matter of safety."""
    if safety:
        return URGENT
    base = HIGH if kind is TicketType.COMPLAINT or any(sign in words for sign in rules.public) else NORMAL
    return min(base + (1 if level > 0 else 0), HIGH)


def says(words: str, signs: Collection[str], rules: TriageRules) -> bool:
    """Whether a sign is stated: 没有冒烟 states none. In doubt it is stated."""
    for sign in signs:
        at = words.find(sign)
        while at >= 0:
            if not words[:at].endswith(rules.denials):
                return True
            at = words.find(sign, at + 1)
    return False
