"""The routes of one's own roster and presence: my shifts, the line for a break, 话后整理."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.params import QueryParameter

from yizhan.desk import roster
from yizhan.desk.roster import BreakState
from yizhan.foundation.db import Tx
from yizhan.records import rosters
from yizhan.records.agents import Permission
from yizhan.web.auth.shapes import PresenceShape, presence_shape
from yizhan.web.given import GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.rosters.shapes import BreakShape, BreakWish, ShiftList, shift_shapes

READ = [permits(Permission.TICKET_READ)]
Days = Annotated[int, QueryParameter(ge=1, le=62)]


@get("/me/shifts", guards=READ)
async def my_shifts(services: GivenServices, viewer: GivenViewer, days: Days = 28) -> ShiftList:
    """Mine from now on, the one that runs first."""
    now = services.clock.now()
    async with services.db.read() as tx:
        found = await rosters.shifts_between(tx, now, now + timedelta(days=days), agents=[viewer.agent_id])
    return ShiftList(shift_shapes(found))


@get("/me/break", guards=READ)
async def my_break(services: GivenServices, viewer: GivenViewer) -> BreakShape:
    """How many of the team may rest and who does, and the own place in the line."""
    async with services.db.read() as tx:
        return _shape(await roster.break_state(tx, viewer.agent_id, services.roster_book))


@put("/me/break", guards=READ)
async def join_line(data: JSONBody[BreakWish], call: GivenCall) -> Response[BreakShape]:
    """排队小休: whoever is next is told."""

    async def verb(tx: Tx) -> BreakShape:
        book = call.services.roster_book
        return _shape(
            await roster.join_line(tx, call.viewer.agent_id, data.reason, now=call.now, by=call.actor, book=book)
        )

    return await call.write(verb)


@delete("/me/break", guards=READ, status_code=204)
async def leave_line(call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        book = call.services.roster_book
        await roster.leave_line(tx, call.viewer.agent_id, now=call.now, by=call.actor, book=book)

    return await call.write(verb, 204)


@post("/me/wrap-up/extend", guards=READ, status_code=200)
async def extend_wrap_up(call: GivenCall) -> Response[PresenceShape]:
    """As much again, once."""

    async def verb(tx: Tx) -> PresenceShape:
        rules = call.services.routing_book
        said = await roster.extend_wrap_up(
            tx, call.viewer.agent_id, now=call.now, by=call.actor, book=call.services.roster_book,
            spans=lambda team, channel: rules.of(None, team).wrap_up(channel),
        )  # fmt: skip
        return presence_shape(said, call.now)

    return await call.write(verb)


def _shape(of: BreakState) -> BreakShape:
    return BreakShape(
        quota=of.quota, resting=list(of.resting), waiting=of.waiting, place=of.place, reason=of.reason, until=of.until
    )


routes = (my_shifts, my_break, join_line, leave_line, extend_wrap_up)
