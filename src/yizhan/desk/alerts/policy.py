"""From one look to the next: waits until it lasted, fires once, repeats until somebody has it, ends when it is calm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from yizhan.desk.alerts.documents import AlertRule
from yizhan.desk.alerts.model import Alert
from yizhan.desk.metrics import ALL, METRICS, Figures, Scope, Unit
from yizhan.desk.outlets import is_quiet

_STEP = 0.1


class Telling(StrEnum):
    RAISED = "raised"
    REPEATED = "repeated"
    RECOVERED = "recovered"


class Step(msgspec.Struct, frozen=True):
    """`alert` as it is now, None for one that never lasted; `tells` what somebody must hear of it."""

    alert: Alert | None
    tells: Telling | None = None


def advance(rule: AlertRule, alert: Alert, value: float | None, now: datetime) -> Step:
    """A figure that is not told any more is back: there is nothing to be out of bounds."""
    if value is not None:
        worst = value if rule.is_worse(value, alert.worst) else alert.worst
        alert = replace(alert, value=value, worst=worst)
    if alert.fired_at is None:
        return _pending(rule, alert, value, now)
    return _firing(rule, alert, value, now)


def _pending(rule: AlertRule, alert: Alert, value: float | None, now: datetime) -> Step:
    if value is None or not rule.is_beyond(value):
        return Step(None)
    if now - alert.since < timedelta(seconds=rule.for_s):
        return Step(alert)
    return _tell(rule, replace(alert, fired_at=now), now)


def _firing(rule: AlertRule, alert: Alert, value: float | None, now: datetime) -> Step:
    if value is None or rule.is_back(value):
        since = alert.calm_since or now
        if now - since >= timedelta(seconds=rule.calm_s):
            ended = replace(alert, calm_since=since, ended_at=now)
            # Who was never told of it need not hear that it is over.
            return Step(ended, Telling.RECOVERED if alert.told_at is not None else None)
        return Step(replace(alert, calm_since=since))
    if alert.calm_since is not None:
        alert = replace(alert, calm_since=None)
    if alert.told_at is None:
        return _tell(rule, alert, now)
    due = rule.repeat_min is not None and now - alert.told_at >= timedelta(minutes=rule.repeat_min)
    if due and alert.acknowledged_at is None and not is_quiet(rule.quiet, alert.level, now):
        return Step(replace(alert, told_at=now), Telling.REPEATED)
    return Step(alert)


def _tell(rule: AlertRule, alert: Alert, now: datetime) -> Step:
    """In quiet hours it stands on the monitor, and is told when they are over and it still lasts."""
    if is_quiet(rule.quiet, alert.level, now):
        return Step(alert)
    return Step(replace(alert, told_at=now), Telling.RAISED)


def readings(rule: AlertRule, figures: Figures, wanted: frozenset[str] | None) -> dict[str, float]:
    """The rule's figure by place. `wanted` are ids of places, None for all of them."""
    found = {}
    for (name, scope), value in figures.items():
        if name != rule.metric or scope.kind != rule.scope or (wanted is not None and scope.id not in wanted):
            continue
        if rule.only_if is None or figures.get((rule.only_if.metric, scope), 0.0) >= rule.only_if.at_least:
            found[place_of(scope)] = value
    return found


def place_of(scope: Scope) -> str:
    return scope.kind if scope == ALL else f"{scope.kind}:{scope.id}"


def team_of(place: str) -> UUID | None:
    kind, _, id = place.partition(":")
    return UUID(id) if kind == "team" else None


def said(metric: str, value: float) -> str:
    """A figure as people read it."""
    unit = METRICS[metric].unit if metric in METRICS else Unit.COUNT
    if unit is Unit.SHARE:
        return f"{value * 100:.1f}%"
    if unit is Unit.SECONDS:
        minutes, seconds = divmod(round(value), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{value:.2f}" if unit is Unit.STARS else f"{value:g}"


def differs(before: Alert, after: Alert) -> bool:
    """Worth a write: the value changes every second and is read from the metrics; the worst one is kept in steps."""
    if replace(before, value=0, worst=0) != replace(after, value=0, worst=0):
        return True
    return abs(after.worst - before.worst) >= max(1e-9, abs(before.worst) * _STEP)


def fresh(id: UUID, name: str, version: int, rule: AlertRule, place: str, value: float, now: datetime) -> Alert:
    return Alert(
        id=id, rule=name, rule_version=version, place=place, team_id=team_of(place), metric=rule.metric,
        level=rule.level, threshold=rule.threshold, value=value, worst=value, since=now,
    )  # fmt: skip


def gone(rules: Mapping[str, AlertRule], alerts: Iterable[Alert]) -> list[Alert]:
    """Whose rule was taken out of force, switched off, or looks elsewhere now."""
    return [
        each for each in alerts
        if (rule := rules.get(each.rule)) is None or not rule.on or rule.metric != each.metric
        or rule.scope != each.place.partition(":")[0]
    ]  # fmt: skip
