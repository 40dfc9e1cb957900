"""What goes over the wire about priority."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.priority import Applied, Record


class AppliedRule(msgspec.Struct):
    """`effect` is `=3` where the rule says the priority, `+1` where it raises it."""

    key: str
    title: str
    effect: str
    title_en: str


class PriorityDecision(msgspec.Struct):
    at: datetime
    why: str
    before: int
    after: int
    rules: list[AppliedRule]
    source: str


class PriorityShape(msgspec.Struct):
    """Why the ticket is as urgent as it is, oldest first; and when waiting raises it next."""

    priority: int
    decisions: list[PriorityDecision]
    next_at: datetime | None
    next_priority: int | None


class PreviewRequest(msgspec.Struct):
    """A document of the kind `priority_rules`, not saved yet."""

    body: dict[str, Any]


class PreviewRow(msgspec.Struct):
    """`now` is what the ticket has; `before` what the rules in force would say today, `after` what these would."""

    ticket_id: UUID
    number: int
    subject: str
    contact_name: str
    now: int
    before: int
    after: int
    rules: list[AppliedRule]


class PreviewShape(msgspec.Struct):
    judged: int
    items: list[PreviewRow]


def decision_shape(one: Record) -> PriorityDecision:
    return PriorityDecision(one.at, one.why.value, one.before, one.after, rule_shapes(one.matched), one.source)


def rule_shapes(applied: list[Applied]) -> list[AppliedRule]:
    return [
        AppliedRule(each.key, each.title or each.key, each.effect, each.title_en or each.title or each.key)
        for each in applied
    ]
