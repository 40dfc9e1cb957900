"""The routes of personal figures. They are for the agent and who supervises him; no agent is compared with
another, only with the median of his teams."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
from litestar import get

from yizhan.desk import figures, views
from yizhan.desk.figures import AgentDay, Behind, Figure, Middle, StateDay
from yizhan.desk.views import PromiseRow
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records import agents
from yizhan.records.agents import Permission, Scope, Spell, Viewer
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits

READ = [permits(Permission.TICKET_READ)]
_LONGEST = 92
_ALL_SPELLS = 20_000


class FigureAnswer(msgspec.Struct):
    """`days` have a row for each day with work, and reach back to `since`; so do `days_present`. `states`: seconds in
    each state of presence, from `start` on."""

    agent_id: UUID
    start: date
    end: date
    days: list[AgentDay]
    promises_kept: int
    promises_late: int
    states: dict[str, int]
    days_present: list[StateDay]
    middle: Middle


class BehindList(msgspec.Struct):
    items: list[Behind]


class PromisesBehind(msgspec.Struct):
    items: list[PromiseRow]


class SpellList(msgspec.Struct):
    items: list[Spell]


@get("/figures", guards=READ)
async def personal_figures(
    services: GivenServices,
    viewer: GivenViewer,
    start: FromQuery[date],
    end: FromQuery[date],
    agent: FromQuery[UUID | None] = None,
    since: FromQuery[date | None] = None,
) -> FigureAnswer:
    """From one day to another, both counted, in the house's time zone; days back to `since` show what was before."""
    office = services.office()
    begin, until = _span(office, start, end)
    first = min(since or start, start)
    earliest, _ = _span(office, first, end)
    who = agent or viewer.agent_id
    async with services.db.read() as tx:
        await _ensure_sees(tx, viewer, who)
        told = (await agents.time_in_states(tx, begin, until, services.clock.now())).get(who, {})
        promised = [row for row in await views.promise_report(tx, viewer, begin, until) if row.agent_id == who]
        spells = await agents.presence_spells(tx, who, earliest, until, services.clock.now(), most=_ALL_SPELLS)
        return FigureAnswer(
            who, start, end, await figures.days(tx, who, first, end), sum(p.kept for p in promised),
            sum(p.late for p in promised), dict(told), figures.by_day(spells, office.zone),
            figures.middle(await figures.colleagues(tx, who, start, end)),
        )  # fmt: skip


@get("/figures/conversations", guards=READ)
async def behind_figure(
    services: GivenServices,
    viewer: GivenViewer,
    figure: FromQuery[Figure],
    start: FromQuery[date],
    end: FromQuery[date],
    agent: FromQuery[UUID | None] = None,
) -> BehindList:
    """The conversations behind a figure, what drags it down first."""
    _span(services.office(), start, end)
    who = agent or viewer.agent_id
    async with services.db.read() as tx:
        await _ensure_sees(tx, viewer, who)
        return BehindList(await figures.behind(tx, who, start, end, figure))


@get("/figures/promises", guards=READ)
async def behind_promises(
    services: GivenServices,
    viewer: GivenViewer,
    start: FromQuery[date],
    end: FromQuery[date],
    agent: FromQuery[UUID | None] = None,
) -> PromisesBehind:
    """What lies behind 承诺履约率: what was promised in those days and what became of it, what was late first."""
    begin, until = _span(services.office(), start, end)
    who = agent or viewer.agent_id
    async with services.db.read() as tx:
        await _ensure_sees(tx, viewer, who)
        return PromisesBehind(await views.promises_made(tx, who, begin, until))


@get("/figures/presence", guards=READ)
async def behind_presence(
    services: GivenServices,
    viewer: GivenViewer,
    start: FromQuery[date],
    end: FromQuery[date],
    agent: FromQuery[UUID | None] = None,
) -> SpellList:
    """What lies behind 在线时长 and 工时利用率: one state after the other, the latest first."""
    begin, until = _span(services.office(), start, end)
    who = agent or viewer.agent_id
    async with services.db.read() as tx:
        await _ensure_sees(tx, viewer, who)
        return SpellList(await agents.presence_spells(tx, who, begin, until, services.clock.now()))


async def _ensure_sees(tx: Tx, viewer: Viewer, who: UUID) -> None:
    """Oneself; of others only who supervises their team, their brand or all."""
    if who == viewer.agent_id:
        return
    brands = viewer.brand_ids if viewer.scope is Scope.BRAND else ()
    sees = viewer.may(Permission.SUPERVISE) and (
        viewer.scope is Scope.ALL or await figures.shares_team(tx, who, viewer.team_ids, brands)
    )
    if not sees:
        raise NotFound(f"agent {who}")


def _span(calendar: Calendar, start: date, end: date) -> tuple[datetime, datetime]:
    if not 0 <= (end - start).days < _LONGEST:
        raise Invalid(f"at most {_LONGEST} days, the first before the last", "end")
    begin = datetime.combine(start, time(), calendar.zone).astimezone(UTC)
    return begin, datetime.combine(end + timedelta(days=1), time(), calendar.zone).astimezone(UTC)


routes = (personal_figures, behind_figure, behind_promises, behind_presence)
