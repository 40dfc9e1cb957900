"""The routes of NPS for supervisors; each sees the answers of his own scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter

from yizhan.desk import nps
from yizhan.desk.nps import NPS_CAMPAIGN, Reach
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.nps.export import as_csv
from yizhan.web.nps.shapes import (
    CampaignList,
    CampaignShape,
    CommentPage,
    MonthList,
    NpsPreviewRequest,
    RunResults,
    RunShape,
    run_shape,
)

SUPERVISE = [permits(Permission.SUPERVISE)]
MANAGE = [permits(Permission.CONFIG_MANAGE)]
_SHOWN = 50
_MONTHS = timedelta(days=400)

Score = Annotated[int, QueryParameter(ge=0, le=10)]


@get("/nps", guards=SUPERVISE)
async def nps_campaigns(services: GivenServices) -> CampaignList:
    """Every campaign in force or asked before, with its runs, the newest first."""
    async with services.db.read() as tx:
        published = await services.configuration.published(tx)
        found = await nps.runs(tx)
    known = nps.campaigns(published)
    names = dict.fromkeys([*known, *(run.campaign for run in found)])
    calendar, now = services.office(), services.clock.now()
    shown = []
    for name in names:
        document = known.get(name)
        mine = [run for run in found if run.campaign == name]
        title = document.title if document else nps.document_of(mine[0]).title
        following = nps.next_start(document, now, calendar, mine) if document else None
        shown.append(CampaignShape(
            name, {"zh": title.zh, "en": title.en}, bool(document and document.enabled),
            document.every if document else "once", following, [run_shape(run) for run in mine],
        ))  # fmt: skip
    return CampaignList(shown)


@get("/nps/runs/{run_id:uuid}", guards=SUPERVISE)
async def nps_results(run_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> RunResults:
    """Score with its interval, response rate, by score, brand and channel."""
    async with services.db.read() as tx:
        return RunResults(run_shape(await nps.run(tx, run_id)), await nps.results(tx, run_id, viewer))


@get("/nps/campaigns/{name:str}/months", guards=SUPERVISE)
async def nps_months(name: FromPath[str], services: GivenServices, viewer: GivenViewer) -> MonthList:
    """By the month of the answer, in the house's time zone."""
    since = services.clock.now() - _MONTHS
    async with services.db.read() as tx:
        return MonthList(await nps.months(tx, name, viewer, services.office().tz, since))


@get("/nps/runs/{run_id:uuid}/comments", guards=SUPERVISE)
async def nps_comments(
    run_id: FromPath[UUID],
    services: GivenServices,
    viewer: GivenViewer,
    least: Score = 0,
    most: Score = 10,
    before: FromQuery[UUID | None] = None,
) -> CommentPage:
    """Why they gave the score, the latest first."""
    async with services.db.read() as tx:
        found = await nps.comments(tx, run_id, viewer, least=least, most=most, before=before, count=_SHOWN)
    return CommentPage(found, found[-1].id if len(found) == _SHOWN else None)


@get("/nps/runs/{run_id:uuid}/answers.csv", guards=SUPERVISE, media_type="text/csv")
async def nps_export(
    run_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, lang: FromQuery[str] = "zh"
) -> Response[bytes]:
    """Every answer one may see; who said it only for who may read customers."""
    named = viewer.may(Permission.CUSTOMER_READ)
    async with services.db.read() as tx:
        run = await nps.run(tx, run_id)
        rows = [each async for each in nps.comments_each(tx, run_id, viewer)]
    headers = {"Content-Disposition": f'attachment; filename="nps-{run.campaign}-{run.period}.csv"'}
    content = as_csv(rows, services.office().zone, "en" if lang == "en" else "zh", named=named)
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@post("/nps/campaigns/{name:str}/runs", guards=MANAGE)
async def start_nps(name: FromPath[str], call: GivenCall) -> Response[RunShape]:
    """现在开始: a run of today beside the periods of the document."""

    async def verb(tx: Tx) -> RunShape:
        published = await call.services.configuration.published(tx)
        document, source = nps.campaign_of(published, name)
        today = call.services.office().local_date(call.now).isoformat()
        run_id = await nps.begin(tx, name, document, source, today, by=call.actor, now=call.now)
        if run_id is None:
            raise Conflict("it was begun today already")
        return run_shape(await nps.run(tx, run_id))

    return await call.write(verb, 201)


@post("/nps/runs/{run_id:uuid}/stop", guards=MANAGE, status_code=200)
async def stop_nps(run_id: FromPath[UUID], call: GivenCall) -> Response[RunShape]:
    """Nobody else is asked; who was asked may still answer."""

    async def verb(tx: Tx) -> RunShape:
        await nps.stop(tx, run_id, by=call.actor, now=call.now)
        return run_shape(await nps.run(tx, run_id))

    return await call.write(verb)


@post("/nps/preview", guards=MANAGE, status_code=200)
async def preview_nps(data: JSONBody[NpsPreviewRequest], services: GivenServices) -> Reach:
    """试算: how many it would ask if it began now, and why others not. Nothing is changed."""
    document = NPS_CAMPAIGN.decode(data.body)
    now = services.clock.now()
    async with services.db.read() as tx:
        return await nps.preview(tx, document, services.office().local_date(now).isoformat(), now)


routes = (nps_campaigns, nps_results, nps_months, nps_comments, nps_export, start_nps, stop_nps, preview_nps)
