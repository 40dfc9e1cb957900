"""Alerts told, acknowledged and listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.alerts import store
from yizhan.desk.alerts.documents import ALERT_RULE, AlertRule
from yizhan.desk.alerts.model import ACKNOWLEDGED, RAISED, RECOVERED, Alert, AlertRow
from yizhan.desk.alerts.policy import Telling, said
from yizhan.desk.alerts.store import Named
from yizhan.desk.metrics import METRICS
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.foundation.journal import Event, emit
from yizhan.records import agents
from yizhan.records.agents import Scope, Viewer
from yizhan.records.config import Published

_ACTOR = "alerts"
_KINDS = {Telling.RAISED: RAISED, Telling.RECOVERED: RECOVERED}
_CHANNELS = {"webchat": ("网页", "Web chat"), "email": ("邮件", "E-mail"), "generic": ("自有系统", "Own system")}


class _Where(msgspec.Struct, frozen=True):
    """An alert's place as scope sees it."""

    team_id: UUID | None
    brand_id: UUID | None = None
    agent_id: UUID | None = None


async def tell(tx: Tx, alert: Alert, rule: AlertRule, telling: Telling, now: datetime) -> None:
    """The journal is told of a beginning and an end, people also of what goes on."""
    named = await store.places(tx)
    facts = {
        "rule": alert.rule, "metric": alert.metric, "place": alert.place, "value": alert.value,
        "threshold": alert.threshold, "level": alert.level,
    }  # fmt: skip
    events = [_event(_KINDS[telling], alert, now, _ACTOR, facts)] if telling in _KINDS else []
    notice = _event("notice.raised", alert, now, _ACTOR, {
        "who": list(rule.to), "agents": await _people(tx, alert, rule), "how": "notify",
        "why": f"alert.{telling}", "level": "info" if telling is Telling.RECOVERED else alert.level,
        "rule": alert.rule, **_words(alert, rule, named, now),
    })  # fmt: skip
    await emit(tx, [*events, notice])


async def unwatched(tx: Tx, alert: Alert, now: datetime) -> None:
    """Its rule is gone: the journal knows that it ended, nobody is told."""
    await emit(
        tx, [_event(RECOVERED, alert, now, _ACTOR, {"rule": alert.rule, "place": alert.place, "rule_gone": True})]
    )


async def acknowledge(tx: Tx, viewer: Viewer, alert_id: UUID, *, now: datetime) -> None:
    """确认: from here it is not repeated. Raises NotFound for another's team, Conflict when it is over or taken."""
    found = await store.rows(tx, [alert_id])
    if not found or not sees(viewer, found[0][0]):
        raise NotFound("no such alert")
    version = await store.acknowledge(tx, alert_id, viewer.agent_id, now)
    if version is None:
        raise Conflict("the alert is over, or somebody has it")
    alert = msgspec.structs.replace(found[0][0], version=version)
    await emit(tx, [_event(ACKNOWLEDGED, alert, now, viewer.actor, {"rule": alert.rule, "place": alert.place})])


async def open_alerts(tx: Tx, viewer: Viewer, published: Published) -> list[AlertRow]:
    """Those that fire, newest first, as far as the viewer may see their teams."""
    return await _seen(tx, viewer, await store.firing(tx), published)


async def history(
    tx: Tx, viewer: Viewer, published: Published, *, before: datetime | None, count: int
) -> list[AlertRow]:
    return await _seen(tx, viewer, await store.history(tx, before, count), published)


async def alert_rows(tx: Tx, ids: Iterable[UUID], published: Published) -> list[AlertRow]:
    """Whoever may see them."""
    named = await store.places(tx)
    return [_row(alert, by, published, named) for alert, by in await store.rows(tx, ids)]


def sees(viewer: Viewer, alert: Alert | AlertRow) -> bool:
    return views.sees(viewer, _Where(alert.team_id))


async def _seen(tx: Tx, viewer: Viewer, ids: Sequence[UUID], published: Published) -> list[AlertRow]:
    return [row for row in await alert_rows(tx, ids, published) if sees(viewer, row)]


async def _people(tx: Tx, alert: Alert, rule: AlertRule) -> list[UUID]:
    """What is the whole house's is for those who see all of it; a team's is for who looks after the team."""
    found = dict[UUID, None]()
    if "supervisors" in rule.to:
        watching = await agents.supervisors(tx)
        if alert.team_id is None:
            watching = [each for each in watching if each.scope is Scope.ALL] or watching
        found |= dict.fromkeys(each.agent_id for each in watching if sees(each, alert))
    if "lead" in rule.to and alert.team_id is not None:
        found |= dict.fromkeys(await store.leads_of(tx, alert.team_id))
    roles = [word.removeprefix("role:") for word in rule.to if word.startswith("role:")]
    return list(found | dict.fromkeys(await store.agents_of_roles(tx, roles)))


def _words(alert: Alert, rule: AlertRule, named: Sequence[Named], now: datetime) -> dict[str, object]:
    metric, (zh, en) = METRICS[alert.metric], _place_words(alert.place, named)
    return {
        "title": {"zh": rule.name.zh, "en": rule.name.en}, "place": {"zh": zh, "en": en},
        "metric": {"zh": metric.zh, "en": metric.en}, "value": said(alert.metric, alert.value),
        "threshold": said(alert.metric, alert.threshold), "lasted": int((now - alert.since).total_seconds()),
    }  # fmt: skip


def _place_words(place: str, named: Sequence[Named]) -> tuple[str, str]:
    kind, _, id = place.partition(":")
    if kind == "all":
        return "全部", "All"
    if kind == "channel":
        return _CHANNELS.get(id, (id, id))
    name = next((each.name for each in named if each.kind == kind and str(each.id) == id), id)
    return name, name


def _row(alert: Alert, by: str | None, published: Published, named: Sequence[Named]) -> AlertRow:
    """A rule taken out of force has no words any more: its name stands for them."""
    rule, metric = published.find(ALERT_RULE, alert.rule), METRICS.get(alert.metric)
    assert alert.fired_at is not None
    return AlertRow(
        id=alert.id, version=alert.version, rule=alert.rule, metric=alert.metric, unit=metric.unit if metric else "",
        title_zh=rule.name.zh if rule else alert.rule, title_en=rule.name.en if rule else alert.rule,
        metric_zh=metric.zh if metric else alert.metric, metric_en=metric.en if metric else alert.metric,
        place=alert.place, place_name=_place_words(alert.place, named)[0], team_id=alert.team_id, level=alert.level,
        threshold=alert.threshold, value=alert.value, worst=alert.worst, since=alert.since, fired_at=alert.fired_at,
        acknowledged_at=alert.acknowledged_at, acknowledged_name=by, ended_at=alert.ended_at,
    )  # fmt: skip


def _event(kind: str, alert: Alert, at: datetime, actor: str, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=alert.id, subject_version=alert.version, at=at, actor=actor, team_id=alert.team_id,
        data=facts,
    )  # fmt: skip
