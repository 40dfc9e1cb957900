"""The routes of tags: given to a ticket, and kept in order for the whole house."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post, put
from msgspec import UNSET, Meta, UnsetType

from yizhan.foundation.db import Tx
from yizhan.records import tickets
from yizhan.records.agents import Permission
from yizhan.records.tickets import Tag as TagKept
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_ticket
from yizhan.web.tickets.following import READ, WRITE, acting, shape_of
from yizhan.web.tickets.shapes import Tag, TicketShape

_MANAGE = [permits(Permission.TAG_MANAGE)]
Color = Literal["", "blue", "green", "amber", "red", "violet"]


class TagShape(msgspec.Struct):
    """`given` is how often tickets were given it."""

    tag: str
    color: Color
    given: int
    retired: bool


class TagList(msgspec.Struct):
    items: list[TagShape]


class TagsRequest(msgspec.Struct):
    add: Annotated[list[Tag], Meta(max_length=20)] = []
    remove: Annotated[list[Tag], Meta(max_length=20)] = []


class NewTag(msgspec.Struct):
    tag: Tag
    color: Color = ""


class TagChange(msgspec.Struct):
    """`to` is another name; that of a tag there is makes them one. Tickets follow by themselves."""

    tag: Tag
    to: Tag | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    retired: bool | UnsetType = UNSET


@get("/tickets/tags", guards=READ)
async def offered_tags(services: GivenServices) -> TagList:
    """Tags a ticket may be given, lately given first."""
    async with services.db.read() as tx:
        return _list(await tickets.offered_tags(tx))


@put("/tickets/{ticket_id:uuid}/tags", guards=WRITE)
async def tag_ticket(ticket_id: FromPath[UUID], data: JSONBody[TagsRequest], call: GivenCall) -> Response[TicketShape]:
    """No version is asked for: what somebody else gave it meanwhile stays."""

    async def verb(tx: Tx) -> TicketShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        add = await given_tags(tx, call, data.add)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        await tickets.tag_ticket(tx, ticket, add=add, remove=data.remove, by=acting(call), now=call.now)
        return await shape_of(tx, ticket_id)

    return await call.write(verb)


@get("/tags", guards=_MANAGE)
async def all_tags(services: GivenServices) -> TagList:
    async with services.db.read() as tx:
        return _list(await tickets.all_tags(tx))


@post("/tags", guards=_MANAGE)
async def make_tag(data: JSONBody[NewTag], call: GivenCall) -> Response[TagList]:
    async def verb(tx: Tx) -> TagList:
        await tickets.make_tag(tx, data.tag, data.color, by=acting(call), now=call.now)
        return _list(await tickets.all_tags(tx))

    return await call.write(verb, 201)


@patch("/tags", guards=_MANAGE)
async def change_tag(data: JSONBody[TagChange], call: GivenCall) -> Response[TagList]:
    async def verb(tx: Tx) -> TagList:
        if isinstance(data.color, str):
            await tickets.paint_tag(tx, data.tag, data.color, by=acting(call), now=call.now)
        if isinstance(data.retired, bool):
            await tickets.retire_tag(tx, data.tag, data.retired, by=acting(call), now=call.now)
        if isinstance(data.to, str):
            await tickets.rename_tag(tx, data.tag, data.to, by=acting(call), now=call.now)
        return _list(await tickets.all_tags(tx))

    return await call.write(verb)


async def given_tags(tx: Tx, call: Call, names: list[str]) -> list[str]:
    """As the house writes them; new ones only of who may make them."""
    return await tickets.chosen_tags(tx, names, may_create=call.viewer.may(Permission.TAG_MANAGE))


def _list(tags: list[TagKept]) -> TagList:
    return TagList([TagShape(each.tag, msgspec.convert(each.color, Color), each.given, each.retired) for each in tags])


routes = (offered_tags, tag_ticket, all_tags, make_tag, change_tag)
