"""The routes of alerts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import alerts
from yizhan.foundation.db import Tx
from yizhan.records.agents import Permission
from yizhan.web.alerts.shapes import AlertList, AlertPage
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer
from yizhan.web.guards import permits

SUPERVISE = [permits(Permission.SUPERVISE)]
_PAGE = 50


@get("/alerts", guards=SUPERVISE)
async def firing_alerts(services: GivenServices, viewer: GivenViewer) -> AlertList:
    """Those that fire now, of the teams the viewer may see and of the whole house."""
    async with services.db.read() as tx:
        published = await services.configuration.published(tx)
        return AlertList(await alerts.open_alerts(tx, viewer, published))


@get("/alerts/history", guards=SUPERVISE)
async def past_alerts(
    services: GivenServices, viewer: GivenViewer, before: FromQuery[datetime | None] = None
) -> AlertPage:  # fmt: skip
    async with services.db.read() as tx:
        published = await services.configuration.published(tx)
        found = await alerts.history(tx, viewer, published, before=before, count=_PAGE)
    return AlertPage(found, found[-1].fired_at if len(found) == _PAGE else None)


@post("/alerts/{alert_id:uuid}/acknowledge", guards=SUPERVISE, status_code=200)
async def acknowledge_alert(alert_id: FromPath[UUID], call: GivenCall) -> Response[AlertList]:
    """确认: it is in somebody's hands, and not repeated any more."""

    async def verb(tx: Tx) -> AlertList:
        await alerts.acknowledge(tx, call.viewer, alert_id, now=call.now)
        published = await call.services.configuration.published(tx)
        return AlertList(await alerts.alert_rows(tx, [alert_id], published))

    return await call.write(verb)


routes = (firing_alerts, past_alerts, acknowledge_alert)
