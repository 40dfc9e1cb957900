"""The routes that read: the whole board, and the list behind one of its numbers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import routing, supervision, views
from yizhan.desk.metrics import METRICS, Metric, Scope
from yizhan.desk.views import TicketFilter
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission, Viewer
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.monitor.shapes import (
    BehindShape,
    GoalShape,
    MonitorShape,
    ScopeKind,
    StepsShape,
    figures_shape,
    metric_shapes,
    steps_shape,
)
from yizhan.web.services import Services

SUPERVISE = [permits(Permission.SUPERVISE)]
_SHOWN = 100
_DUE = {"sla_warned": "warned", "sla_breached": "breached", "sla_breaches": "breached"}
_SINCE = {"first_response": "replied"}


@get("/monitor", guards=SUPERVISE)
async def monitor(services: GivenServices, viewer: GivenViewer) -> MonitorShape:
    """Of what the viewer may see. The same figures come over the socket once a second to who says `monitor` there."""
    metrics = services.the_metrics
    async with services.db.read() as tx:
        steps = await steps_now(tx)
    rules = metrics.rules
    return MonitorShape(
        metrics=metric_shapes(),
        targets={name: GoalShape(target.amber, target.red) for name, target in rules.targets.items()},
        answer_s=rules.answer_s,
        figures=figures_shape(metrics, services.clock.now(), viewer),
        steps=steps,
    )


@get("/monitor/behind", guards=SUPERVISE)
async def behind(
    services: GivenServices, viewer: GivenViewer, metric: Annotated[str, QueryParameter(max_length=40)],
    where: FromQuery[ScopeKind] = "all", id: Annotated[str, QueryParameter(max_length=60)] = "",
) -> BehindShape:  # fmt: skip
    """The list behind a number. What people carry and who is there stands in the board itself."""
    known = METRICS.get(metric)
    if known is None:
        raise Invalid(f"there is no metric {metric}", "metric")
    place = Scope(where, id)
    async with services.db.read() as tx:
        if known.name.removesuffix("_1h") in _DUE:
            return await _due(tx, viewer, known, place)
        ids = services.the_metrics.behind(known.name, place, services.clock.now(), viewer)
        if ids is None:
            return await _since(tx, services, viewer, known, place)
        rows = await views.conversation_rows(tx, ids[:_SHOWN])
    return BehindShape([row for row in rows if views.sees(viewer, row)], [], max(0, len(ids) - _SHOWN))


async def steps_now(tx: Tx) -> StepsShape:
    return steps_shape(await supervision.running(tx), await routing.spills(tx))


async def _due(tx: Tx, viewer: Viewer, metric: Metric, where: Scope) -> BehindShape:
    wanted = TicketFilter(view="all", due=_DUE[metric.name.removesuffix("_1h")], limit=_SHOWN)
    rows, _ = await views.tickets_due(tx, viewer, wanted)
    return BehindShape([], [row for row in rows if where.kind != "team" or str(row.team_id) == where.id], 0)


async def _since(tx: Tx, services: Services, viewer: Viewer, metric: Metric, where: Scope) -> BehindShape:
    name = metric.name.removesuffix("_1h")
    rows = await views.chats_since(
        tx, viewer, services.the_metrics.midnight(services.clock.now()), _SINCE.get(name, name),
        team_id=_uuid(where, "team"), channel=where.id if where.kind == "channel" else None,
        inbox_id=_uuid(where, "inbox"), count=_SHOWN,
    )  # fmt: skip
    return BehindShape(rows, [], 0)


def _uuid(where: Scope, kind: str) -> UUID | None:
    if where.kind != kind:
        return None
    try:
        return UUID(where.id)
    except ValueError:
        raise Invalid("no such id", "id") from None


reads = (monitor, behind)
