"""For what somebody on call is woken at night: danger as it ships, else what the rules name; the rest is promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk import views
from yizhan.desk.roster import store
from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import (
    Condition,
    Field,
    FieldSet,
    FieldType,
    compile_closure,
    contradiction,
    fields_used,
    parse,
)
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.config import FaultLog

SAFETY = "safety"
_UNKNOWN = frozenset({"working_hours", "agent", "owner"})
FIELDS = FieldSet([
    *(field for field in WORK_FIELDS if field.name not in _UNKNOWN),
    Field(SAFETY, FieldType.BOOL, "涉及人身安全", "safety is at stake"),
], loose=OWN)  # fmt: skip
_LEAST: Mapping[str, object] = {"priority": 2}
"""What is known of a conversation that has no ticket."""


class Waking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where `when` holds, who is on call is woken; without a condition for everything."""

    key: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    when: dict[str, Any] | list[Any] = {}
    enabled: bool = True

    @property
    def condition(self) -> Condition:
        return parse(self.when, FIELDS)


class Woken(msgspec.Struct, frozen=True):
    """A rule with its condition compiled."""

    key: str
    asked: frozenset[str]
    holds: Any  # Callable[[Mapping[str, object]], bool]: a struct cannot say so


DANGER = Waking(
    key="danger", title="人身安全", title_en="Danger to people", when={"field": SAFETY, "op": "eq", "value": True}
)


def compile_waking(rules: Iterable[Waking]) -> tuple[Woken, ...]:
    return tuple(
        Woken(rule.key, fields_used(rule.condition), compile_closure(rule.condition)) for rule in rules if rule.enabled
    )


def check(rules: Iterable[Waking], place: str) -> None:
    """Raises Invalid with the place of the fault."""
    seen: set[str] = set()
    for at, rule in enumerate(rules):
        if rule.key in seen:
            raise Invalid(f"two rules have the key {rule.key}", f"{place}[{at}].key")
        seen.add(rule.key)
        path = f"{place}[{at}].when"
        try:
            condition = rule.condition
        except Invalid as fault:
            raise Invalid(fault.message, f"{path}.{fault.field}" if fault.field else path) from None
        if reason := contradiction(condition):
            raise Invalid(f"no ticket can ever fulfil this: {reason}", path)


async def wakes(
    tx: Tx, conversation_id: UUID, rules: Iterable[Woken], now: datetime, *, faults: FaultLog, source: str
) -> bool:
    """Judged by what triage found. A rule that fails wakes nobody, and is noted."""
    known = await store.at_stake(tx, conversation_id)
    if known is None:
        return False
    ticket_id, safety = known
    rules = tuple(rules)
    asked = frozenset[str]().union(*(rule.asked for rule in rules)) - {SAFETY}
    facts: Mapping[str, object] = _LEAST
    if ticket_id is not None and asked:
        facts = (await views.work_facts(tx, [ticket_id], now=now, fields=asked)).get(ticket_id, _LEAST)
    told = {**facts, SAFETY: safety}
    return any(_holds(rule.holds, told, rule, faults, source) for rule in rules)


def _holds(
    check: Callable[[Mapping[str, object]], bool], facts: Mapping[str, object], rule: Woken, faults: FaultLog,
    source: str,
) -> bool:  # fmt: skip
    try:
        return check(facts)
    except Exception as error:
        faults.note("roster", source, rule.key, error)
        return False
