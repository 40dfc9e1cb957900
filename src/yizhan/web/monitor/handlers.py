"""The routes that read: the whole board, and the list behind one of its numbers."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import figures as worked
from yizhan.desk import routing, supervision, views
from yizhan.desk.metrics import METRICS, Ranked, Scope
from yizhan.desk.routing import WorkKind
from yizhan.desk.views import TicketFilter
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import id_floor
from yizhan.records.agents import Permission, Viewer
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.monitor.shapes import (
    BehindShape,
    ChartShape,
    GoalShape,
    MonitorShape,
    ScopeKind,
    StepsShape,
    chart_shape,
    figures_shape,
    metric_shapes,
    steps_shape,
)
from yizhan.web.services import Services
from yizhan.web.tickets import read_cursor, read_rank, write_cursor, write_rank

SUPERVISE = [permits(Permission.SUPERVISE)]
_SHOWN = 100
_MOVED = "overflow"
_DUE = {"sla_warned": "warned", "sla_breached": "breached", "sla_breaches": "breached"}
_HOUR = timedelta(hours=1)


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


@get("/monitor/chart", guards=SUPERVISE)
async def chart(
    services: GivenServices, viewer: GivenViewer, where: FromQuery[ScopeKind] = "all",
    id: Annotated[str, QueryParameter(max_length=60)] = "",
) -> ChartShape:  # fmt: skip
    """The hours of one team or channel, and by which channels people came: the whole house's come with its figures."""
    return chart_shape(services.the_metrics, services.clock.now(), viewer, Scope(where, id))


@get("/monitor/behind", guards=SUPERVISE)
async def behind(
    services: GivenServices, viewer: GivenViewer, metric: Annotated[str, QueryParameter(max_length=40)],
    where: FromQuery[ScopeKind] = "all", id: Annotated[str, QueryParameter(max_length=60)] = "",
    cursor: FromQuery[str | None] = None, limit: FromQuery[int] = _SHOWN, hour: FromQuery[datetime | None] = None,
    channel: Annotated[str, QueryParameter(max_length=40)] = "",
) -> BehindShape:  # fmt: skip
    """A page of the list behind a number; of one `hour` of the day where one is named, of one `channel` of a team. Who
    is there stands in the board itself."""
    if metric == _MOVED:
        return await _moved(services, viewer, _uuid(Scope(where, id), "team"))
    known = METRICS.get(metric)
    if known is None:
        raise Invalid(f"there is no metric {metric}", "metric")
    place, many = Scope(where, id), max(1, min(limit, _SHOWN))
    name = known.name.removesuffix("_1h")
    async with services.db.read() as tx:
        if name in _DUE:
            return await _due(tx, viewer, _DUE[name], place, read_cursor(cursor), many)
        if name.startswith("unassigned"):
            ids, after = _paged(services.the_metrics.unassigned(place, viewer), read_rank(cursor), many)
            tickets = await views.ticket_rows(tx, ids)
            return BehindShape([], [row for row in tickets if views.sees(viewer, row)], after)
        if place.kind == "agent" and name == "ended":
            since = services.the_metrics.midnight(services.clock.now())
            rows = await views.conversation_rows(tx, await worked.ended_since(tx, _known(place), since, _SHOWN))
            return BehindShape([row for row in rows if views.sees(viewer, row)], [], None)
        remembered = services.the_metrics.behind(known.name, place, services.clock.now(), viewer)
        if remembered is None or hour is not None or channel:
            by = channel or (place.id if place.kind == "channel" else None)
            return await _since(tx, services, viewer, name, place, read_rank(cursor), many, hour, by)
        ids, after = _paged(remembered, read_rank(cursor), many)
        rows = await views.conversation_rows(tx, ids)
    took = services.the_metrics.seconds_behind(known.name)
    seen = [row for row in rows if views.sees(viewer, row)]
    return BehindShape(seen, [], after, {str(row.id): took[row.id] for row in seen if row.id in took})


async def _moved(services: Services, viewer: Viewer, team_id: UUID | None) -> BehindShape:
    """What other teams have of an overrun one's; why each has it, its own explanation says."""
    if team_id is None:
        raise Invalid("of which team", "id")
    async with services.db.read() as tx:
        works = await routing.helped_out(tx, team_id, _SHOWN)
        chats = await views.conversation_rows(tx, works[WorkKind.CONVERSATION])
        spoken_of = {row.ticket_id for row in chats}
        matters = await views.ticket_rows(tx, [id for id in works[WorkKind.TICKET] if id not in spoken_of])
    seen = [row for row in chats if views.sees(viewer, row)], [row for row in matters if views.sees(viewer, row)]
    return BehindShape(*seen, None)


async def steps_now(tx: Tx) -> StepsShape:
    return steps_shape(await supervision.running(tx), await routing.spills(tx))


def _paged(found: list[Ranked], after: Ranked | None, many: int) -> tuple[list[UUID], str | None]:
    """What stands behind `after`, whoever left the list or came to it since."""
    rest = found if after is None else found[bisect_right(found, after) :]
    page = rest[:many]
    return [id for _, id in page], write_rank(page[-1]) if len(rest) > many else None


async def _due(
    tx: Tx, viewer: Viewer, due: str, where: Scope, after: tuple[datetime, UUID] | None, many: int
) -> BehindShape:  # fmt: skip
    wanted = TicketFilter(view="all", due=due, limit=many, after=after, team_id=_uuid(where, "team"))
    rows, place = await views.tickets_due(tx, viewer, wanted)
    return BehindShape([], rows, write_cursor(*place) if place is not None else None)


async def _since(
    tx: Tx, services: Services, viewer: Viewer, name: str, where: Scope, after: Ranked | None, many: int,
    hour: datetime | None, channel: str | None,
) -> BehindShape:  # fmt: skip
    before = after[1] if after else id_floor(hour + _HOUR) if hour is not None else None
    rows = await views.chats_since(
        tx, viewer, hour or services.the_metrics.midnight(services.clock.now()), name,
        team_id=_uuid(where, "team"), channel=channel,
        inbox_id=_uuid(where, "inbox"), count=many, before=before,
    )  # fmt: skip
    return BehindShape(rows, [], write_rank((0.0, rows[-1].id)) if len(rows) == many else None)


def _uuid(where: Scope, kind: str) -> UUID | None:
    return _known(where) if where.kind == kind else None


def _known(where: Scope) -> UUID:
    try:
        return UUID(where.id)
    except ValueError:
        raise Invalid("no such id", "id") from None


reads = (monitor, chart, behind)
