"""The routes of views."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from msgspec import Meta

from yizhan.desk import saved_views, views
from yizhan.desk.saved_views import VIEW_FIELDS, SavedView, ViewOrder
from yizhan.desk.views import Choice
from yizhan.foundation.conditions import describe
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission, Viewer
from yizhan.web.config import field_shapes
from yizhan.web.config.shapes import FieldShape
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits

READ = [permits(Permission.TICKET_READ)]
_NEW = UUID(int=0)
Name = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ViewDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`version` is the one that was looked at, 0 for a new view."""

    name: Name
    base: saved_views.Among
    when: dict[str, Any]
    team_id: UUID | None = None
    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class ViewShape(msgspec.Struct, frozen=True):
    """`zh` and `en` say what it selects; both are empty where it cannot be understood any more."""

    id: UUID
    name: str
    base: saved_views.Among
    when: dict[str, Any]
    team_id: UUID | None
    owner_id: UUID
    owner_name: str
    version: int
    zh: str
    en: str


class ViewList(msgspec.Struct, frozen=True):
    """In somebody's own order; `opens` is what his list begins with: mine, team, unassigned, all, or a view's id."""

    items: list[ViewShape]
    opens: str


class ViewOrderDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ids: Annotated[list[UUID], Meta(max_length=200)]
    opens: Annotated[str, Meta(pattern=r"^(mine|team|unassigned|all|[0-9a-f-]{36})$")]


class ViewNumber(msgspec.Struct, frozen=True):
    """Of unfinished tickets, counted to 100. A view of finished ones has none."""

    id: UUID
    number: int | None


class ViewNumbers(msgspec.Struct, frozen=True):
    items: list[ViewNumber]


class ViewVocabulary(msgspec.Struct, frozen=True):
    fields: list[FieldShape]
    choices: list[Choice]


@get("/views", guards=READ)
async def list_views(services: GivenServices, viewer: GivenViewer) -> ViewList:
    async with services.db.read() as tx:
        return await _all(tx, viewer)


@get("/views/fields", guards=READ)
async def view_fields(services: GivenServices) -> ViewVocabulary:
    """What a view may ask about a ticket, and what of the house it may name."""
    groups = services.segment_book.now.documents
    segments = [Choice("segment", None, key, each.title.zh, each.title.en) for key, each in groups.items()]
    async with services.db.read() as tx:
        return ViewVocabulary(field_shapes(VIEW_FIELDS), [*await views.choices(tx), *segments])


@get("/views/numbers", guards=READ)
async def count_views(services: GivenServices, viewer: GivenViewer) -> ViewNumbers:
    """All in one pass over the unfinished tickets, however many views there are."""
    async with services.db.read() as tx:
        found = await saved_views.counts(tx, viewer, now=services.clock.now())
    return ViewNumbers([ViewNumber(view_id, number) for view_id, number in found.items()])


@post("/views", guards=READ)
async def add_view(data: JSONBody[ViewDraft], call: GivenCall) -> Response[ViewShape]:
    async def verb(tx: Tx) -> ViewShape:
        return await _keep(tx, call, _NEW, msgspec.structs.replace(data, version=0))

    return await call.write(verb, 201)


@put("/views/order", guards=READ)
async def order_views(data: JSONBody[ViewOrderDraft], call: GivenCall) -> Response[ViewList]:
    """Only for who asks: a team's views stand with everybody as he likes it."""

    async def verb(tx: Tx) -> ViewList:
        await saved_views.put_order(tx, call.viewer.agent_id, ViewOrder(tuple(data.ids), data.opens))
        return await _all(tx, call.viewer)

    return await call.write(verb)


@put("/views/{view_id:uuid}", guards=READ)
async def change_view(view_id: FromPath[UUID], data: JSONBody[ViewDraft], call: GivenCall) -> Response[ViewShape]:
    async def verb(tx: Tx) -> ViewShape:
        if data.version == 0:
            raise Invalid("the version that was looked at", "version")
        return await _keep(tx, call, view_id, data)

    return await call.write(verb)


@delete("/views/{view_id:uuid}", guards=READ, status_code=200)
async def drop_view(view_id: FromPath[UUID], call: GivenCall) -> Response[ViewList]:
    async def verb(tx: Tx) -> ViewList:
        await saved_views.drop(tx, call.viewer, view_id, now=call.now)
        return await _all(tx, call.viewer)

    return await call.write(verb)


async def _keep(tx: Tx, call: GivenCall, view_id: UUID, data: ViewDraft) -> ViewShape:
    wanted = SavedView(
        view_id, call.viewer.agent_id, "", data.team_id, data.name.strip(), data.base, data.when, data.version
    )
    return _shape(await saved_views.keep(tx, call.viewer, wanted, now=call.now))


async def _all(tx: Tx, viewer: Viewer) -> ViewList:
    order = await saved_views.order_of(tx, viewer.agent_id)
    return ViewList([_shape(view) for view in await saved_views.views_of(tx, viewer)], order.opens)


def _shape(view: SavedView) -> ViewShape:
    try:
        condition = saved_views.condition_of(view.when)
        zh, en = describe(condition, "zh"), describe(condition, "en")
    except Invalid:
        zh, en = "", ""
    return ViewShape(
        view.id, view.name, view.base, view.when, view.team_id, view.owner_id, view.owner_name, view.version, zh, en
    )


routes = (list_views, view_fields, count_views, add_view, order_views, change_view, drop_view)
