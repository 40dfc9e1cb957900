"""The routes of planning: who may see a team sees its roster, who supervises it changes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.params import QueryParameter

from yizhan.foundation.calendar import Calendar
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid, NotFound
from yizhan.records import agents, rosters
from yizhan.records.agents import Permission, Scope, Team, Viewer
from yizhan.records.config import house_calendar, in_chinese
from yizhan.records.rosters import NewLeave, Person, ShiftKind
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.rosters.shapes import (
    CopyRequest,
    CopyShape,
    DayShape,
    FaultShape,
    ImportShape,
    LeaveMade,
    LeaveWish,
    OnDutyList,
    OnDutyShape,
    RosterImportRequest,
    RosterPerson,
    RosterShape,
    RosterTeam,
    ShiftEdit,
    ShiftShape,
    ShiftWish,
    SkippedShape,
    WorktimeList,
    WorktimeShape,
    clock_of,
    leave_shape,
    new_shift,
    shift_shape,
    shift_shapes,
)
from yizhan.web.services import Services

READ = [permits(Permission.TICKET_READ)]
PLANS = [permits(Permission.SUPERVISE)]
Days = Annotated[int, QueryParameter(ge=1, le=42)]


@get("/roster", guards=READ)
async def see_roster(
    services: GivenServices, viewer: GivenViewer, first: FromQuery[date], days: Days = 7,
    team_id: FromQuery[UUID | None] = None,
) -> RosterShape:  # fmt: skip
    """The shifts of a stretch of days, of one team or of all that the viewer may see."""
    async with services.db.read() as tx:
        calendar = await calendar_of(tx, services)
        teams = [team for team in await agents.teams(tx) if _sees(viewer, team.id)]
        if team_id is not None:
            teams = [team for team in teams if team.id == team_id]
        begin, until = _span(calendar, first, days)
        shown = {team.id for team in teams}
        people = [p for p in await rosters.people(tx) if shown.intersection(p.team_ids)]
        shifts = await rosters.shifts_between(tx, begin, until, teams=shown)
        leaves = await rosters.leaves_between(tx, begin, until, agents=[p.id for p in people])
    return RosterShape(
        tz=calendar.tz,
        days=[DayShape(day, calendar.special(day)) for day in (first + timedelta(days=n) for n in range(days))],
        shifts=shift_shapes(shifts), leaves=[leave_shape(each) for each in leaves],
        people=[RosterPerson(p.id, p.name, list(p.team_ids)) for p in people],
        teams=[RosterTeam(team.id, team.name) for team in teams], may_plan=viewer.may(Permission.SUPERVISE),
    )  # fmt: skip


@post("/roster/shifts", guards=PLANS)
async def plan_shift(data: JSONBody[ShiftWish], call: GivenCall) -> Response[ShiftShape]:
    async def verb(tx: Tx) -> ShiftShape:
        _ensure_plans(call.viewer, data.team_id)
        new = new_shift(data, (await calendar_of(tx, call.services)).tz)
        made, _ = await rosters.add_shifts(tx, [new], by=call.actor, now=call.now)
        return shift_shape(made[0])

    return await call.write(verb, 201)


@put("/roster/shifts/{shift_id:uuid}", guards=PLANS)
async def change_shift(shift_id: FromPath[UUID], data: JSONBody[ShiftEdit], call: GivenCall) -> Response[ShiftShape]:
    async def verb(tx: Tx) -> ShiftShape:
        await _own_shift(tx, call.viewer, shift_id)
        _ensure_plans(call.viewer, data.team_id)
        new = new_shift(data, (await calendar_of(tx, call.services)).tz)
        after = await rosters.change_shift(tx, shift_id, new, expected=data.version, by=call.actor, now=call.now)
        return shift_shape(after)

    return await call.write(verb)


@delete("/roster/shifts/{shift_id:uuid}", guards=PLANS, status_code=204)
async def remove_shift(shift_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await _own_shift(tx, call.viewer, shift_id)
        await rosters.remove_shift(tx, shift_id, by=call.actor, now=call.now)

    return await call.write(verb, 204)


@post("/roster/import", guards=PLANS, status_code=200)
async def import_roster(data: JSONBody[RosterImportRequest], call: GivenCall) -> Response[ImportShape]:
    """A dry run says every fault of every row; nothing is taken while there is one."""

    async def verb(tx: Tx) -> ImportShape:
        calendar = await calendar_of(tx, call.services)
        named = _named(team for team in await agents.teams(tx) if _sees(call.viewer, team.id))
        rows, wrong = rosters.read_csv(data.text, named, await rosters.people(tx), calendar.tz)
        faults = [FaultShape(each.line, each.field, each.message, in_chinese(each.message)) for each in wrong]
        # What is taken and then refused would stay: a savepoint takes all of it back.
        made = 0
        trial = tx.transaction()
        await trial.start()
        shifts, others = await rosters.add_shifts(tx, [r.shift for r in rows], by=call.actor, now=call.now, skip=True)
        faults += [FaultShape(rows[at].line, "", why, in_chinese(why)) for at, why in others]
        if data.dry_run or faults or not rows:
            await trial.rollback()
        else:
            await trial.commit()
            made = len(shifts)
        return ImportShape(len(shifts), made, sorted(faults, key=lambda f: f.line))

    return await call.write(verb)


@post("/roster/copy", guards=PLANS, status_code=200)
async def copy_week(data: JSONBody[CopyRequest], call: GivenCall) -> Response[CopyShape]:
    """Nobody is planned for public holidays; on a make-up Saturday works who works on the Friday."""

    async def verb(tx: Tx) -> CopyShape:
        _ensure_plans(call.viewer, data.team_id)
        if data.source.weekday() or data.target.weekday():
            raise Invalid("weeks begin on Mondays", "target")
        if data.source == data.target:
            raise Invalid("a week is not copied onto itself", "target")
        calendar = await calendar_of(tx, call.services)
        begin, until = _span(calendar, data.source, 7)
        shifts = await rosters.shifts_between(tx, begin, until, teams=[data.team_id])
        of_week = [s for s in shifts if rosters.hours_of(s).day >= data.source]
        special = {day: kind for day in _week(data.target) if (kind := calendar.special(day)) is not None}
        new, left = rosters.copied(of_week, data.source, data.target, special)
        made, faults = await rosters.add_shifts(tx, new, by=call.actor, now=call.now, skip=True)
        skipped = [(each.shift, each.why) for each in left] + [(new[at], why) for at, why in faults]
        return CopyShape(len(made), [
            SkippedShape(s.agent_id, s.day, f"{s.begin:%H:%M}", why, in_chinese(why)) for s, why in skipped
        ])  # fmt: skip

    return await call.write(verb)


@post("/roster/leave", guards=PLANS)
async def plan_leave(data: JSONBody[LeaveWish], call: GivenCall) -> Response[LeaveMade]:
    async def verb(tx: Tx) -> LeaveMade:
        await _ensure_person(tx, call.viewer, data.agent_id)
        zone = (await calendar_of(tx, call.services)).zone
        if data.last < data.first:
            raise Invalid("leave ends after it begins", "last")
        begin = datetime.combine(data.first, clock_of(data.begin) if data.begin else time(), zone)
        whole = data.until is None or data.until == "24:00"
        end = datetime.combine(
            data.last + timedelta(days=1) if whole else data.last, time() if whole else clock_of(str(data.until)), zone
        )
        new = NewLeave(
            agent_id=data.agent_id, kind=data.kind, starts_at=begin.astimezone(UTC), ends_at=end.astimezone(UTC),
            tz=str(zone), note=data.note,
        )  # fmt: skip
        made, uncovered = await rosters.add_leave(tx, new, by=call.actor, now=call.now)
        return LeaveMade(leave_shape(made), shift_shapes(uncovered))

    return await call.write(verb, 201)


@delete("/roster/leave/{leave_id:uuid}", guards=PLANS, status_code=204)
async def remove_leave(leave_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        agent = await rosters.remove_leave(tx, leave_id, by=call.actor, now=call.now)
        await _ensure_person(tx, call.viewer, agent)

    return await call.write(verb, 204)


@get("/roster/on-duty", guards=READ)
async def on_duty(services: GivenServices, viewer: GivenViewer) -> OnDutyList:
    """Who works just now, and who can be called."""
    async with services.db.read() as tx:
        running = await rosters.on_duty(tx, services.clock.now())
    return OnDutyList([
        OnDutyShape(agent_id=d.agent_id, team_id=d.team_id, kind=d.kind, starts_at=d.starts_at, until=d.until)
        for d in running if _sees(viewer, d.team_id)
    ])  # fmt: skip


@get("/roster/worktime", guards=PLANS)
async def worktime(
    services: GivenServices, viewer: GivenViewer, first: FromQuery[date], days: Days = 1
) -> WorktimeList:
    """How long everybody was in each state, beside the hours planned for him."""
    async with services.db.read() as tx:
        begin, until = _span(await calendar_of(tx, services), first, days)
        told = await agents.time_in_states(tx, begin, until, services.clock.now())
        people = [p for p in await rosters.people(tx) if any(_sees(viewer, team) for team in p.team_ids)]
        shifts = await rosters.shifts_between(tx, begin, until, agents=[p.id for p in people])
    planned: dict[UUID, float] = {}
    for s in shifts:
        if s.kind is not ShiftKind.ON_CALL:
            seconds = (min(s.ends_at, until) - max(s.starts_at, begin)).total_seconds()
            planned[s.agent_id] = planned.get(s.agent_id, 0) + seconds
    return WorktimeList([_worktime(p, told.get(p.id, {}), int(planned.get(p.id, 0))) for p in people])


def _worktime(person: Person, seconds: dict[str, int], planned: int) -> WorktimeShape:
    at_work = sum(value for state, value in seconds.items() if state != "offline")
    return WorktimeShape(person.id, person.name, seconds, at_work, planned)


async def calendar_of(tx: Tx, services: Services) -> Calendar:
    return house_calendar(await services.configuration.published(tx))


def _span(calendar: Calendar, first: date, days: int) -> tuple[datetime, datetime]:
    begin = datetime.combine(first, time(), calendar.zone)
    return begin.astimezone(UTC), datetime.combine(first + timedelta(days=days), time(), calendar.zone).astimezone(UTC)


def _week(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(7)]


def _named(teams: Iterable[Team]) -> dict[str, UUID]:
    found = list(teams)
    return {team.name: team.id for team in found} | {team.key: team.id for team in found}


def _sees(viewer: Viewer, team_id: UUID) -> bool:
    return viewer.scope is Scope.ALL or team_id in viewer.team_ids


def _ensure_plans(viewer: Viewer, team_id: UUID) -> None:
    if not _sees(viewer, team_id):
        raise Forbidden("not in your teams")


async def _own_shift(tx: Tx, viewer: Viewer, shift_id: UUID) -> None:
    shift = await rosters.shift(tx, shift_id)
    if shift is None:
        raise NotFound("no such shift")
    _ensure_plans(viewer, shift.team_id)


async def _ensure_person(tx: Tx, viewer: Viewer, agent_id: UUID) -> None:
    person = next((p for p in await rosters.people(tx) if p.id == agent_id), None)
    if person is None:
        raise Invalid("there is nobody like that", "agent_id")
    if viewer.scope is not Scope.ALL and not set(person.team_ids).intersection(viewer.team_ids):
        raise Forbidden("not in your teams")


routes = (
    see_roster,
    plan_shift,
    change_shift,
    remove_shift,
    import_roster,
    copy_week,
    plan_leave,
    remove_leave,
    on_duty,
    worktime,
)
