"""The routes of 交接班: the sheet of the own shift's end, and what the last shift left."""

from __future__ import annotations

from datetime import datetime, timedelta

from litestar import Response, get, post

from yizhan.desk import handover, roster, views
from yizhan.desk.handover import ChatChoice, TicketChoice
from yizhan.desk.views import TicketFilter, TicketRow
from yizhan.foundation.db import Tx
from yizhan.records import rosters
from yizhan.records.agents import Permission, Viewer
from yizhan.records.tickets import By
from yizhan.web.given import GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.rosters.shapes import (
    HandOverRequest,
    HandOverShape,
    LeftShape,
    ReceivedLine,
    ReceivedShape,
    RosterPerson,
    SheetShape,
)

REPLY = [permits(Permission.MESSAGE_REPLY)]
_TODAY = timedelta(hours=10)
_MOST = 100


@get("/me/handover", guards=REPLY)
async def my_sheet(services: GivenServices, viewer: GivenViewer) -> SheetShape:
    """What cannot wait until the viewer is back: live conversations, and tickets that are due meanwhile."""
    async with services.db.read() as tx:
        sheet = await handover.sheet(tx, viewer.agent_id, services.clock.now())
        chats = await views.conversation_rows(tx, list(sheet.chats))
        rows = {row.id: row for row in await views.ticket_rows(tx, [each.ticket_id for each in sheet.tickets])}
        people = {person.id: person for person in await rosters.people(tx)}
    return SheetShape(
        ends_at=sheet.ends_at, back_at=sheet.back_at, chats=chats,
        tickets=[LeftShape(rows[t.ticket_id], t.due_at, t.why) for t in sheet.tickets if t.ticket_id in rows],
        next=[RosterPerson(p, people[p].name, list(people[p].team_ids)) for p in sheet.next if p in people],
    )  # fmt: skip


@post("/me/handover", guards=REPLY, status_code=200)
async def hand_over(data: JSONBody[HandOverRequest], call: GivenCall) -> Response[HandOverShape]:
    """All of it or nothing; then the agent is 离线, or 忙碌 while a conversation is kept or on offer."""
    chats = [
        ChatChoice(id=c.id, do=c.do, agent_id=c.agent_id, team_id=c.team_id, note=c.note) for c in data.chats
    ]  # fmt: skip
    given = [TicketChoice(id=t.id, to=t.to, agent_id=t.agent_id, note=t.note) for t in data.tickets]

    async def verb(tx: Tx) -> HandOverShape:
        by = By(call.actor, call.viewer.agent_id)
        book = call.services.routing_book
        duty = await roster.duty(tx, call.now, call.services.roster_book)
        done = await handover.hand_over(
            tx, call.viewer.agent_id, chats, given, by=by, now=call.now, book=book, duty=duty
        )  # fmt: skip
        return HandOverShape(done.handed, list(done.staying))

    return await call.write(verb)


@get("/me/handover/received", guards=REPLY)
async def my_received(services: GivenServices, viewer: GivenViewer) -> ReceivedShape:
    """交接单: what was left to the viewer and his teams, what is due in his shift, and open complaints."""
    now = services.clock.now()
    async with services.db.read() as tx:
        items = await handover.received(tx, viewer.agent_id, now)
        rows = {r.id: r for r in await views.ticket_rows(tx, [i.ticket_id for i in items if i.ticket_id])}
        mine = await views.tickets_page(tx, viewer, TicketFilter(view="mine", status="open", limit=_MOST))
        complaints = await _complaints(tx, viewer)
    lines = [
        ReceivedLine(
            id=i.id, from_name=i.from_name, to_me=i.to_agent == viewer.agent_id,
            ticket=rows.get(i.ticket_id) if i.ticket_id else None, conversation_id=i.conversation_id,
            how=i.how, note=i.note, at=i.at, seen=i.seen_at is not None,
        ) for i in items if i.ticket_id is None or i.ticket_id in rows
    ]  # fmt: skip
    due = sorted((row for row in mine if _due(row) <= now + _TODAY), key=_due)
    return ReceivedShape(lines, due, complaints, sum(not line.seen and line.to_me for line in lines))


@post("/me/handover/received/seen", guards=REPLY, status_code=204)
async def have_seen(call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await handover.see(tx, call.viewer.agent_id, call.now)

    return await call.write(verb, 204)


async def _complaints(tx: Tx, viewer: Viewer) -> list[TicketRow]:
    """Of the viewer's teams, or of all he may see where he has none."""
    wanted = TicketFilter(view="team" if viewer.team_ids else "all", type="complaint", limit=_MOST)
    return [row for row in await views.tickets_page(tx, viewer, wanted) if row.status in ("new", "open", "pending")]


def _due(row: TicketRow) -> datetime:
    """Far away where nothing is promised."""
    promised = row.due.due_at if row.due is not None else None
    return min(at for at in (promised, row.next_follow_up, row.created_at + timedelta(days=10_000)) if at is not None)


routes = (my_sheet, hand_over, my_received, have_seen)
