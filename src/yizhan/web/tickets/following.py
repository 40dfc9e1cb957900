"""The routes of what somebody comes back to: 等待原因, 下次跟进, 催单, 关注人, links, sub-tasks, trace, 僵尸单."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get, post, put

from yizhan.desk import followups, views
from yizhan.desk.progress import Progress, progress_of, ticket_called
from yizhan.desk.views import Around
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.records import tickets
from yizhan.records.agents import Permission
from yizhan.records.tickets import By, Wait
from yizhan.web.call import Call
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import readable_ticket, seen_ticket
from yizhan.web.tickets.shapes import (
    LinkRequest,
    SubTask,
    TicketPage,
    TicketShape,
    TracePage,
    WaitRequest,
    WatchRequest,
    WordsRequest,
    cursor_of,
    read_cursor,
    read_place,
    write_place,
)

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]
SUPERVISE = [permits(Permission.SUPERVISE)]
_PAGE = 50
_MOST = 100


def acting(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


async def shape_of(tx: Tx, ticket_id: UUID) -> TicketShape:
    (row,) = await views.ticket_rows(tx, [ticket_id])
    return TicketShape(row)


async def ensure_no_subtask(tx: Tx, ticket_id: UUID) -> None:
    numbers = await tickets.open_children(tx, ticket_id)
    if numbers:
        raise Conflict(f"sub-tasks are open: {', '.join(f'#{n}' for n in numbers)}; complete it anyway, or them first")


@put("/tickets/{ticket_id:uuid}/wait", guards=WRITE)
async def wait_for(ticket_id: FromPath[UUID], data: JSONBody[WaitRequest], call: GivenCall) -> Response[TicketShape]:
    """挂起: 等待原因 and 下次跟进. At that time the ticket comes back to the top by itself."""

    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        wait = Wait(data.reason, data.next_follow_up)
        await tickets.wait_for(tx, ticket, wait, text=data.text, by=acting(call), now=call.now)
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/go-on", guards=WRITE, status_code=200)
async def go_on(ticket_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        await tickets.go_on(tx, ticket, text=data.text, by=acting(call), now=call.now, typed=True)
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/chase", guards=WRITE, status_code=200)
async def chase(ticket_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall) -> Response[TicketShape]:
    """催单, for a customer who asked by telephone or by another system."""

    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        await followups.chase(tx, ticket_id, text=data.text, by=acting(call), now=call.now, typed=True)
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@get("/tickets/{ticket_id:uuid}/around", guards=READ)
async def around_ticket(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> Around:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        return await views.around_ticket(tx, viewer, ticket_id)


@put("/tickets/{ticket_id:uuid}/watchers", guards=READ)
async def watch(ticket_id: FromPath[UUID], data: JSONBody[WatchRequest], call: GivenCall) -> Response[Around]:
    async def verb(tx: Tx) -> Around:
        await seen_ticket(tx, call.viewer, ticket_id)
        agent = data.agent_id or call.viewer.agent_id
        if not await views.is_agent(tx, agent):
            raise Invalid("nobody of that id works here", "agent_id")
        await tickets.watch(tx, [(ticket_id, agent)], now=call.now)
        return await views.around_ticket(tx, call.viewer, ticket_id)

    return await call.write(verb)


@delete("/tickets/{ticket_id:uuid}/watchers/{agent_id:uuid}", guards=READ, status_code=200)
async def unwatch(ticket_id: FromPath[UUID], agent_id: FromPath[UUID], call: GivenCall) -> Response[Around]:
    async def verb(tx: Tx) -> Around:
        await seen_ticket(tx, call.viewer, ticket_id)
        await tickets.unwatch(tx, ticket_id, agent_id)
        return await views.around_ticket(tx, call.viewer, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/links", guards=WRITE)
async def link_tickets(ticket_id: FromPath[UUID], data: JSONBody[LinkRequest], call: GivenCall) -> Response[Around]:
    """This ticket relates to, duplicates or causes the other."""

    async def verb(tx: Tx) -> Around:
        await seen_ticket(tx, call.viewer, ticket_id)
        other = await views.ticket_numbered(tx, data.number)
        if other is None:
            raise NotFound(f"ticket #{data.number}")
        await seen_ticket(tx, call.viewer, other)
        if other == ticket_id:
            raise Invalid("a ticket is not linked to itself", "number")
        one, two = await tickets.lock_two(tx, ticket_id, other)
        await tickets.link_tickets(tx, one, two, data.kind, text=data.text, by=acting(call), now=call.now)
        return await views.around_ticket(tx, call.viewer, ticket_id)

    return await call.write(verb, 201)


@post("/tickets/{ticket_id:uuid}/links/{link_id:uuid}/undo", guards=WRITE, status_code=200)
async def unlink_tickets(
    ticket_id: FromPath[UUID], link_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall
) -> Response[Around]:
    async def verb(tx: Tx) -> Around:
        await seen_ticket(tx, call.viewer, ticket_id)
        await tickets.unlink_tickets(tx, link_id, ticket_id, text=data.text, by=acting(call), now=call.now)
        return await views.around_ticket(tx, call.viewer, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/sub-tasks", guards=WRITE)
async def give_subtask(ticket_id: FromPath[UUID], data: JSONBody[SubTask], call: GivenCall) -> Response[TicketShape]:
    """A ticket of its own for another team; this one is not completed while it is open, unless confirmed."""

    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        if not await views.is_team(tx, data.team_id):
            raise Invalid("there is no such team", "team_id")
        parent = await tickets.lock_ticket(tx, ticket_id)
        if parent.parent_id is not None or parent.status in tickets.FINAL:
            raise Conflict("sub-tasks are given by a ticket in hand that is none itself")
        priority = data.priority if isinstance(data.priority, int) else parent.priority
        made = await tickets.create_ticket(
            tx, contact_id=parent.contact_id, subject=data.subject, kind=parent.type, priority=priority, text=data.text,
            by=acting(call), now=call.now, brand_id=parent.brand_id, team_id=data.team_id, parent_id=parent.id,
        )  # fmt: skip
        return await shape_of(tx, made)

    return await call.write(verb, 201)


@get("/tickets/{ticket_id:uuid}/trace", guards=READ)
async def trace(
    ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, cursor: FromQuery[str | None] = None
) -> TracePage:
    """Who did what, when, from what to what, and why; newest first."""
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        rows = await views.trace(tx, ticket_id, before=read_place(cursor), count=_PAGE)
    return TracePage(rows, write_place(rows[-1]) if len(rows) == _PAGE else None)


@get("/tickets/{ticket_id:uuid}/progress", guards=READ)
async def ticket_progress(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> Progress:
    """查进度: what the customer may know, for whoever answers him, a person or a program."""
    async with services.db.read() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        (found,) = await progress_of(tx, [ticket_id])
        return found


@get("/tickets/numbered/{number:int}/progress", guards=READ)
async def progress_by_number(number: FromPath[int], services: GivenServices, viewer: GivenViewer) -> Progress:
    """The same by the number that customers know."""
    async with services.db.read() as tx:
        ticket_id = await ticket_called(tx, number)
        if ticket_id is None:
            raise NotFound(f"ticket #{number}")
        await seen_ticket(tx, viewer, ticket_id)
        (found,) = await progress_of(tx, [ticket_id])
        return found


@get("/tickets/idle", guards=SUPERVISE)
async def idle_tickets(
    services: GivenServices, viewer: GivenViewer, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> TicketPage:
    """僵尸单: 处理中, untouched for 24 hours, without a next step; who lies longest first."""
    size = max(1, min(limit, _MOST))
    async with services.db.read() as tx:
        rows = await views.idle_tickets(
            tx, viewer, now=services.clock.now(), after=read_cursor(cursor), limit=size
        )  # fmt: skip
    return TicketPage(rows, cursor_of(rows[-1]) if len(rows) == size else None)


routes = (
    wait_for, go_on, chase, around_ticket, watch, unwatch, link_tickets, unlink_tickets, give_subtask, trace,
    ticket_progress, progress_by_number, idle_tickets,
)  # fmt: skip
