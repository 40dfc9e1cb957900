"""The routes that read: the whole board, and the list behind one of its numbers."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import routing, supervision, views
from yizhan.desk.metrics import METRICS, Ranked, Scope
from yizhan.desk.routing import WorkKind
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
from yizhan.web.tickets import read_cursor, read_rank, write_cursor, write_rank

SUPERVISE = [permits(Permission.SUPERVISE)]
_SHOWN = 100
_MOVED = "overflow"
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
    cursor: FromQuery[str | None] = None, limit: FromQuery[int] = _SHOWN,
) -> BehindShape:  # fmt: skip
    """A page of the list behind a number. What people carry and who is there stands in the board itself."""
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
        remembered = services.the_metrics.behind(known.name, place, services.clock.now(), viewer)
        if remembered is None:
            return await _since(tx, services, viewer, name, place, read_rank(cursor), many)
        ids, after = _paged(remembered, read_rank(cursor), many)
        rows = await views.conversation_rows(tx, ids)
    return BehindShape([row for row in rows if views.sees(viewer, row)], [], after)


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
    tx: Tx, services: Services, viewer: Viewer, name: str, where: Scope, after: Ranked | None, many: int
) -> BehindShape:  # fmt: skip
    rows = await views.chats_since(
        tx, viewer, services.the_metrics.midnight(services.clock.now()), _SINCE.get(name, name),
        team_id=_uuid(where, "team"), channel=where.id if where.kind == "channel" else None,
        inbox_id=_uuid(where, "inbox"), count=many, before=after[1] if after else None,
    )  # fmt: skip
    return BehindShape(rows, [], write_rank((0.0, rows[-1].id)) if len(rows) == many else None)


def _uuid(where: Scope, kind: str) -> UUID | None:
    if where.kind != kind:
        return None
    try:
        return UUID(where.id)
    except ValueError:
        raise Invalid("no such id", "id") from None


reads = (monitor, behind)
