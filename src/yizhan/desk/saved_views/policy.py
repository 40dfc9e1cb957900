"""What a view may be, and its condition as SQL. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yizhan.desk.saved_views.fields import VIEW_FIELDS
from yizhan.desk.saved_views.model import COUNTED_TO, Among, SavedView
from yizhan.foundation.conditions import Condition, compile_sql, contradiction, fields_used, parse
from yizhan.foundation.errors import Invalid

_BASES = {
    Among.MINE: "t.agent_id = $2",
    Among.TEAM: "t.team_id = ANY ($3)",
    Among.UNASSIGNED: "t.agent_id IS NULL AND t.status = 'new'",
    Among.ALL: "true",
}


def condition_of(when: dict[str, Any]) -> Condition:
    try:
        return parse(when, VIEW_FIELDS)
    except Invalid as wrong:
        raise Invalid(wrong.message, ".".join(["when", *([wrong.field] if wrong.field else [])])) from None


def check(when: dict[str, Any]) -> None:
    """Refuses what cannot be understood, and what no ticket can ever be."""
    if reason := contradiction(condition_of(when)):
        raise Invalid(f"no ticket can ever fulfil this: {reason}", "when")


def selecting(base: Among, when: dict[str, Any], start: int, now: datetime) -> tuple[str, list[object]]:
    """Which tickets, as an expression over the queries' `t` and `f`, with its parameters from `$start`."""
    holds, params = compile_sql(condition_of(when), VIEW_FIELDS.columns(), start, now=now)
    return f"{_BASES[base]} AND {holds}", params


def counting(views: Sequence[SavedView], start: int, now: datetime) -> tuple[str, list[object]]:
    """All numbers of one pass, in the order of `views`; what cannot be understood any more holds nothing."""
    params: list[object] = []
    numbers = []
    for view in views:
        try:
            holds, given = selecting(view.base, view.when, start + len(params), now)
        except Invalid:
            holds, given = "false", []
        params += given
        numbers.append(f"count(*) FILTER (WHERE {holds})::int")
    return f"ARRAY[{', '.join(numbers)}]::int[]", params


def shown(view: SavedView, number: int) -> int | None:
    """Numbers are of unfinished tickets, so a view of finished ones has none."""
    if number:
        return min(number, COUNTED_TO)
    return None if "status" in _asked(view) else 0


def _asked(view: SavedView) -> frozenset[str]:
    try:
        return frozenset(fields_used(condition_of(view.when)))
    except Invalid:
        return frozenset()
