"""The lists behind the numbers. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from yizhan.desk.metrics.documents import MonitorRules
from yizhan.desk.metrics.figures import Eyes, everybody, midnight_of, quarter_of
from yizhan.desk.metrics.model import ALL, QUARTER, Mark, Rated, Scope, Spell, State, place_of

Ranked: TypeAlias = tuple[float, UUID]
"""A place in a list: by what it is ordered, and who stands there."""

_PHASES = {
    "queue_length": "queued", "queue_longest": "queued", "unanswered": "served", "unanswered_longest": "served",
    "serving": "served", "with_bot": "bot",
}  # fmt: skip
_MARKED = {
    "abandoned": "abandoned", "abandon_rate": "abandoned", "answer_rate": "unreplied", "missed": "missed",
    "miss_rate": "missed", "picked": "waited", "service_level": "waited", "handover_wait": "waited",
    "delivery_failures": "failed", "replied": "replied", "first_response": "replied", "received": "received",
    "handed": "handed", "handed_rate": "handed", "self_served": "self_served",
}  # fmt: skip
_SLOWEST_FIRST = frozenset({"service_level", "handover_wait", "first_response"})


def behind(
    state: State, rules: MonitorRules, metric: str, scope: Scope, now: datetime, eyes: Eyes = everybody
) -> list[Ranked] | None:
    """The conversations behind a number: who waits or waited longest, else what came last; None where none are
    remembered."""
    name = metric.removesuffix("_1h")
    if name in _PHASES:
        return sorted(
            ((spell.waiting if name.startswith("unanswered") else spell.queued) or 0.0, id)
            for id, spell in state.spells.items()
            if _is_in(spell, name) and _of(spell, scope, eyes)
        )
    since = quarter_of(now - timedelta(hours=1) if metric != name else midnight_of(now, rules.tz))
    if name in ("csat", "rated", "solved_rate"):
        rated = [(id, r) for id, r in state.ratings.items() if r.quarter >= since and _within(r.key, scope, eyes)]
        return sorted((_worst_first(r), id) for id, r in rated)
    if name not in _MARKED:
        return None
    last = {mark.id: mark for mark in _marks(state, name, scope) if mark.at >= since * QUARTER}
    found = [mark for mark in last.values() if _within(mark.key, scope, eyes)]
    if name == "service_level":
        found = [mark for mark in found if mark.value > rules.answer_s]
    return sorted((-(mark.value if name in _SLOWEST_FIRST else mark.at), mark.id) for mark in found)


def seconds_behind(state: State, metric: str) -> dict[UUID, float]:
    """What each conversation adds to a mean of seconds, where the number is one."""
    name = metric.removesuffix("_1h")
    if name not in _SLOWEST_FIRST:
        return {}
    return {mark.id: mark.value for what in (_MARKED[name], "letters") for mark in state.marks.get(what, [])}


def unassigned(state: State, scope: Scope, eyes: Eyes = everybody) -> list[Ranked]:
    """The tickets that nobody has, who waits longest first."""
    return sorted(
        (each.since, id) for id, each in state.unassigned.items()
        if eyes(each.team) and scope in (ALL, Scope("team", each.team))
    )  # fmt: skip


def _worst_first(rating: Rated) -> float:
    """By stars, 未解决 before the rest; of those alike the latest first."""
    return 10.0 * (rating.stars or 6) + (rating.solved is not False) - rating.quarter / 1e9


def _marks(state: State, name: str, scope: Scope) -> list[Mark]:
    """A channel's own first response is of its letters too."""
    marks = state.marks.get(_MARKED[name], [])
    letters = name == "first_response" and scope.kind in ("channel", "inbox")
    return [*marks, *state.marks.get("letters", [])] if letters else marks


def _is_in(spell: Spell, name: str) -> bool:
    if not spell.live or spell.phase != _PHASES[name]:
        return False
    return not name.startswith("unanswered") or (spell.waiting is not None and not spell.asleep)


def _of(spell: Spell, scope: Scope, eyes: Eyes) -> bool:
    """An agent's are those that count against what he may carry."""
    if scope.kind == "agent":
        return eyes(place_of(spell.key).team) and str(spell.agent) == scope.id and not spell.asleep
    return _within(spell.key, scope, eyes)


def _within(key: str, scope: Scope, eyes: Eyes) -> bool:
    place = place_of(key)
    return eyes(place.team) and scope in place.scopes
