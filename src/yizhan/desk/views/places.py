"""What of the house documents may name, and which open tickets a condition fits just now."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.views.facts import work_facts
from yizhan.desk.views.store import SQL
from yizhan.foundation.conditions import Condition, compile_closure, fields_used
from yizhan.foundation.db import Tx
from yizhan.records.config import Places

_NAMED = ("brand", "inbox", "role", "skill", "held", "team", "staffed", "sms", "template")


async def places(tx: Tx) -> Places:
    ids: dict[str, set[UUID]] = defaultdict(set)
    keys: dict[str, set[str]] = {what: set() for what in _NAMED}
    for row in await tx.fetch(SQL.places):
        ids[row["what"]].add(row["id"])
        keys[row["what"]].add(row["key"])
        if row["what"] == "staffed":
            keys["staffed"].add(str(row["id"]))
    return Places(
        frozenset(ids["inbox"]), frozenset(ids["team"]), frozenset(keys["skill"]),
        {what: frozenset(known) for what, known in keys.items() if what != "held"}, frozenset(keys["held"]),
    )  # fmt: skip


class Choice(msgspec.Struct, frozen=True):
    """`what` is the field of conditions: brand, inbox, team, role, tags, segment. Conditions say `key`, people read
    `name`, or `en` where it is called otherwise in English."""

    what: str
    id: UUID | None
    key: str
    name: str
    en: str | None = None


class Fitting(msgspec.Struct, frozen=True):
    """Of the `looked_at` newest open tickets so many fit; a field that only triage knows is `unknown` here."""

    fit: int
    looked_at: int
    unknown: tuple[str, ...] = ()


async def choices(tx: Tx) -> list[Choice]:
    return [msgspec.convert(dict(row), Choice) for row in await tx.fetch(SQL.choices)]


async def fitting(tx: Tx, condition: Condition, *, now: datetime, working: bool, most: int = 1_000) -> Fitting:
    """How many open tickets a condition fits, with three statements; more than `most` are not looked at."""
    asked = fields_used(condition)
    ids = [row["id"] for row in await tx.fetch(SQL.open_for_conditions, most)]
    fields = asked | ({"text"} if "stated" in asked else set())
    facts = await work_facts(tx, ids, now=now, working=working, fields=fields)
    holds = compile_closure(condition)
    rows = [{**each, "stated": each.get("text", "")} for each in facts.values()]
    return Fitting(sum(holds(each) for each in rows), len(rows), ("safety",) if "safety" in asked else ())
