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
from yizhan.records.config import Document, Kinds, rename_value, title_of, who_names
from yizhan.records.tickets import Tag as TagKept
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_ticket
from yizhan.web.services import Services
from yizhan.web.tickets.following import READ, WRITE, acting, shape_of
from yizhan.web.tickets.shapes import Tag, TicketShape

_MANAGE = [permits(Permission.TAG_MANAGE)]
Color = Literal["", "blue", "green", "amber", "red", "violet"]


class RuleRef(msgspec.Struct):
    """A document in force whose conditions name a tag; `zh` and `en` are what its kind is called."""

    kind: str
    name: str
    title: str
    zh: str
    en: str


class TagShape(msgspec.Struct):
    """`given` is how often tickets were given it; `rules` are told to who keeps tags."""

    tag: str
    color: Color
    given: int
    retired: bool
    rules: list[RuleRef] = []


class TagList(msgspec.Struct):
    items: list[TagShape]


class TagsRequest(msgspec.Struct):
    add: Annotated[list[Tag], Meta(max_length=20)] = []
    remove: Annotated[list[Tag], Meta(max_length=20)] = []


class NewTag(msgspec.Struct):
    tag: Tag
    color: Color = ""


class TagChange(msgspec.Struct):
    """`to` is another name; that of a tag there is makes them one. Tickets follow by themselves, rules at once."""

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
        return await _all(tx, services)


@post("/tags", guards=_MANAGE)
async def make_tag(data: JSONBody[NewTag], call: GivenCall) -> Response[TagList]:
    async def verb(tx: Tx) -> TagList:
        await tickets.make_tag(tx, data.tag, data.color, by=acting(call), now=call.now)
        return await _all(tx, call.services)

    return await call.write(verb, 201)


@patch("/tags", guards=_MANAGE)
async def change_tag(data: JSONBody[TagChange], call: GivenCall) -> Response[TagList]:
    async def verb(tx: Tx) -> TagList:
        if isinstance(data.color, str):
            await tickets.paint_tag(tx, data.tag, data.color, by=acting(call), now=call.now)
        if isinstance(data.retired, bool):
            await tickets.retire_tag(tx, data.tag, data.retired, by=acting(call), now=call.now)
        if isinstance(data.to, str):
            await _rename(tx, call, data.tag, data.to)
        return await _all(tx, call.services)

    return await call.write(verb)


async def given_tags(tx: Tx, call: Call, names: list[str]) -> list[str]:
    """As the house writes them; new ones only of who may make them."""
    return await tickets.chosen_tags(tx, names, may_create=call.viewer.may(Permission.TAG_MANAGE))


async def _rename(tx: Tx, call: Call, tag: str, to: str) -> None:
    """Rules name the new one in the same moment, so none of them misses a ticket that is given it from now on."""
    name = await tickets.rename_tag(tx, tag, to, by=acting(call), now=call.now)
    said = tickets.line("retagged", before=tag, after=name)
    await rename_value(tx, call.services.configuration, "tags", tag, name, by=call.actor, now=call.now, note=said)


async def _all(tx: Tx, services: Services) -> TagList:
    naming = await who_names(tx, services.configuration.kinds, "tags")
    kept = _list(await tickets.all_tags(tx)).items
    kinds = services.configuration.kinds
    return TagList([
        msgspec.structs.replace(each, rules=[_ref(d, kinds) for d in naming.get(each.tag, [])]) for each in kept
    ])  # fmt: skip


def _ref(document: Document, kinds: Kinds) -> RuleRef:
    return RuleRef(document.kind, document.name, title_of(document), *kinds[document.kind].title)


def _list(tags: list[TagKept]) -> TagList:
    return TagList([TagShape(each.tag, msgspec.convert(each.color, Color), each.given, each.retired) for each in tags])


routes = (offered_tags, tag_ticket, all_tags, make_tag, change_tag)
