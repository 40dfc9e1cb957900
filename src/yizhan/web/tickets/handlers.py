"""The routes of tickets."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import QueryParameter
from msgspec import UNSET

from yizhan.desk import forms, serving, views
from yizhan.desk.views import TicketFilter
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records import tickets
from yizhan.records.agents import Permission
from yizhan.records.tickets import Action, TicketChange
from yizhan.web.conversations import reading
from yizhan.web.conversations.shapes import MessagePage, WorkShape
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import readable_ticket, seen_contact, seen_conversation, seen_ticket
from yizhan.web.tickets import following
from yizhan.web.tickets.following import acting as _by
from yizhan.web.tickets.following import ensure_no_subtask, shape_of
from yizhan.web.tickets.forms import routes as forms_routes
from yizhan.web.tickets.selecting import selected_page
from yizhan.web.tickets.shapes import (
    ChangeRequest,
    CountsShape,
    DueName,
    JoinRequest,
    MergeRequest,
    MoveRequest,
    NewTicket,
    SplitRequest,
    TicketPage,
    TicketShape,
    ViewName,
    cursor_of,
    read_cursor,
    write_cursor,
)
from yizhan.web.tickets.tags import given_tags
from yizhan.web.tickets.tags import routes as tags_routes

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]
_MOST = 100
_NORMAL = 2


@get("/tickets", guards=READ)
async def list_tickets(
    services: GivenServices,
    viewer: GivenViewer,
    view: FromQuery[ViewName] = "all",
    status: FromQuery[str | None] = None,
    channel: FromQuery[str | None] = None,
    priority: FromQuery[int | None] = None,
    ticket_type: Annotated[str | None, QueryParameter(name="type")] = None,
    due: FromQuery[DueName | None] = None,
    tag: FromQuery[str | None] = None,
    saved: FromQuery[UUID | None] = None,
    when: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> TicketPage:
    """Newest first; with `due`, what is due first: any running promise, 即将超时 or 已超时.

    `saved` is the id of a view, `when` a condition as JSON over the tickets of `view`: with either the other filters
    are not asked.
    """
    if saved is not None or when is not None:
        after, count = read_cursor(cursor), max(1, min(limit, _MOST))
        return await selected_page(services, viewer, saved, view, when, after, count)
    wanted = TicketFilter(
        view=view, status=status, channel=channel, priority=priority, type=ticket_type, due=due, tag=tag,
        after=read_cursor(cursor), limit=max(1, min(limit, _MOST)),
    )  # fmt: skip
    async with services.db.read() as tx:
        if wanted.due is not None:
            rows, after = await views.tickets_due(tx, viewer, wanted)
            return TicketPage(rows, write_cursor(*after) if after is not None else None)
        rows = await views.tickets_page(tx, viewer, wanted)
    return TicketPage(rows, cursor_of(rows[-1]) if len(rows) == wanted.limit else None)


@get("/tickets/counts", guards=READ)
async def count_tickets(services: GivenServices, viewer: GivenViewer) -> CountsShape:
    async with services.db.read() as tx:
        return CountsShape(**await views.ticket_counts(tx, viewer))


@get("/tickets/{ticket_id:uuid}", guards=READ)
async def open_ticket(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> WorkShape:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        return await reading.work_of_ticket(tx, viewer, ticket_id, services.clock.now(), services.channels)


@get("/tickets/{ticket_id:uuid}/messages", guards=READ)
async def ticket_messages(
    ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, before: FromQuery[UUID | None] = None
) -> MessagePage:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        family = await views.with_merged(tx, ticket_id)
        rows = await views.messages_of_tickets(tx, family, before=before, count=reading.PAGE)
    return MessagePage(rows, rows[0].id if len(rows) == reading.PAGE else None)


@post("/tickets", guards=WRITE)
async def create_ticket(data: JSONBody[NewTicket], call: GivenCall) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_contact(tx, call.viewer, data.contact_id)
        types = call.services.type_book.tree
        made = await tickets.create_ticket(
            tx, contact_id=data.contact_id, subject=data.subject, kind=types.check(data.type),
            priority=data.priority or types.priority(data.type) or _NORMAL, text=data.text, by=_by(call), now=call.now,
        )  # fmt: skip
        return await shape_of(tx, made)

    return await call.write(verb, 201)


@post("/tickets/{ticket_id:uuid}/move", guards=WRITE, status_code=200)
async def move_ticket(ticket_id: FromPath[UUID], data: JSONBody[MoveRequest], call: GivenCall) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        if data.action == "confirm" and not data.anyway:
            await ensure_no_subtask(tx, ticket_id)
        await serving.move(
            tx, ticket_id, Action(data.action), text=data.text, by=_by(call), now=call.now,
            types=call.services.type_book.tree, gate=forms.gate(call.services.form_book, call.now),
        )  # fmt: skip
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@patch("/tickets/{ticket_id:uuid}", guards=WRITE)
async def change_ticket(
    ticket_id: FromPath[UUID], data: JSONBody[ChangeRequest], call: GivenCall
) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        priority = data.priority
        if isinstance(data.type, str):
            types = call.services.type_book.tree
            types.check(data.type, kept=ticket.type)
            if priority is UNSET and data.type != ticket.type:
                priority = types.raised(data.type, ticket.priority)
        tags = data.tags
        if isinstance(tags, list):
            fresh = await given_tags(tx, call, [tag for tag in tags if tag not in ticket.tags])
            tags = list(dict.fromkeys([*(tag for tag in tags if tag in ticket.tags), *fresh]))
        wanted = TicketChange(
            type=data.type, priority=priority, subject=data.subject, tags=tags, order_no=data.order_no
        )
        await tickets.change_ticket(
            tx, ticket, wanted, expected=data.version, text=data.text, by=_by(call), now=call.now
        )
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/join", guards=WRITE, status_code=200)
async def join_ticket(ticket_id: FromPath[UUID], data: JSONBody[JoinRequest], call: GivenCall) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        await seen_ticket(tx, call.viewer, data.into)
        await seen_conversation(tx, call.viewer, data.conversation_id)
        await serving.join(tx, data.conversation_id, data.into, by=_by(call), now=call.now)
        return await shape_of(tx, data.into)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/merge", guards=WRITE, status_code=200)
async def merge_ticket(
    ticket_id: FromPath[UUID], data: JSONBody[MergeRequest], call: GivenCall
) -> Response[TicketShape]:
    """并入 another ticket of the same customer, which is answered; `unjoin` takes it back."""

    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        into = await views.ticket_numbered(tx, data.number)
        if into is None:
            raise NotFound(f"ticket #{data.number}")
        await seen_ticket(tx, call.viewer, into)
        if into == ticket_id:
            raise Invalid("a ticket is not merged into itself", "number")
        await serving.merge(tx, ticket_id, into, text=data.text, by=_by(call), now=call.now)
        return await shape_of(tx, into)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/unjoin", guards=WRITE, status_code=200)
async def unjoin_ticket(ticket_id: FromPath[UUID], call: GivenCall) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        await serving.unjoin(tx, ticket_id, by=_by(call), now=call.now)
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/split", guards=WRITE)
async def split_ticket(
    ticket_id: FromPath[UUID], data: JSONBody[SplitRequest], call: GivenCall
) -> Response[TicketShape]:
    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        made = await serving.split(tx, ticket_id, data.message_ids, data.subject, by=_by(call), now=call.now)
        return await shape_of(tx, made)

    return await call.write(verb, 201)


routes = (
    list_tickets,
    count_tickets,
    open_ticket,
    ticket_messages,
    create_ticket,
    move_ticket,
    change_ticket,
    join_ticket,
    merge_ticket,
    unjoin_ticket,
    split_ticket,
    *following.routes,
    *forms_routes,
    *tags_routes,
)
