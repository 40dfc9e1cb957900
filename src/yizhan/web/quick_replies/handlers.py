"""The routes of quick replies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import QueryParameter
from msgspec import Meta

from yizhan.desk import connectors, quick_replies, views
from yizhan.desk.quick_replies import GAPS, Fact, GuideStep, Known, OwnReply, QuickReply
from yizhan.foundation.db import Tx
from yizhan.records import agents, orders
from yizhan.records.agents import Permission, Viewer
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation
from yizhan.web.services import Services
from yizhan.web.verification import shown_contacts

REPLY = [permits(Permission.MESSAGE_REPLY)]
_COUNTED = timedelta(days=30)
_ORDERS = 20
_NAMELESS = "访客"

Spoken = Annotated[Literal["zh-CN", "en"], QueryParameter()]
Title = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class QuickReplyShape(msgspec.Struct):
    """`key` is the name of the house's, the id of one's own; `used` counts thirty days, `mine` what I sent of them."""

    key: str
    own: bool
    title: str
    title_en: str
    types: list[str]
    step: GuideStep | None
    text: str
    text_en: str
    facts: list[Fact]
    inboxes: list[UUID]
    used: int
    mine: int
    version: int


class GapName(msgspec.Struct):
    key: str
    zh: str
    en: str


class ReplyLibrary(msgspec.Struct):
    items: list[QuickReplyShape]
    gaps: list[GapName]


class GapValues(msgspec.Struct):
    """By gap; what is not known, or must not be told yet, is left out."""

    values: dict[str, str]


class OwnReplyRequest(msgspec.Struct):
    title: Title
    text: Words
    types: Annotated[list[Annotated[str, Meta(max_length=130)]], Meta(max_length=50)] = []
    version: int = 0


@get("/quick-replies", guards=REPLY)
async def reply_library(services: GivenServices, viewer: GivenViewer) -> ReplyLibrary:
    """What the house offers this person, and what he keeps for himself."""
    async with services.db.read() as tx:
        used = await quick_replies.uses(tx, viewer.agent_id, (services.clock.now() - _COUNTED).date())
        own = [_own(each, used) for each in await quick_replies.own_of(tx, viewer.agent_id)]
    house = [
        _shape(name, each, used) for name, each in services.reply_book.now.items() if _is_for(each, viewer)
    ]  # fmt: skip
    return ReplyLibrary([*own, *house], [GapName(key, zh, en) for key, (zh, en) in GAPS.items()])


@get("/conversations/{conversation_id:uuid}/gaps", guards=REPLY)
async def gap_values(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, locale: Spoken = "zh-CN"
) -> GapValues:
    """What the gaps of a reply to this conversation are filled with."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        known = await known_in(tx, services, viewer, conversation_id)
    return GapValues(quick_replies.values_of(known, locale))


@post("/quick-replies/own", guards=REPLY)
async def keep_own_reply(data: JSONBody[OwnReplyRequest], call: GivenCall) -> Response[QuickReplyShape]:
    async def verb(tx: Tx) -> QuickReplyShape:
        made = await quick_replies.keep_own(
            tx, call.viewer.agent_id, data.title, data.text, _types(data, call), now=call.now
        )
        return _own(made, {})

    return await call.write(verb, 201)


@put("/quick-replies/own/{reply_id:uuid}", guards=REPLY)
async def change_own_reply(
    reply_id: FromPath[UUID], data: JSONBody[OwnReplyRequest], call: GivenCall
) -> Response[QuickReplyShape]:
    async def verb(tx: Tx) -> QuickReplyShape:
        given = OwnReply(reply_id, data.title, data.text, _types(data, call), data.version)
        return _own(await quick_replies.change_own(tx, call.viewer.agent_id, given), {})

    return await call.write(verb)


@delete("/quick-replies/own/{reply_id:uuid}", guards=REPLY, status_code=204)
async def drop_own_reply(reply_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await quick_replies.drop_own(tx, call.viewer.agent_id, reply_id)

    return await call.write(verb, 204)


async def known_in(tx: Tx, services: Services, viewer: Viewer, conversation_id: UUID) -> Known:
    """What may fill the gaps of a reply to it. Whoever calls has made sure that the viewer sees the conversation."""
    (c,) = await views.conversation_rows(tx, [conversation_id])
    tickets = await views.ticket_rows(tx, [c.ticket_id]) if c.ticket_id else []
    shown = await shown_contacts(tx, services, await views.person_of(tx, c.contact_id))
    his = await orders.orders_of(tx, await connectors.records_of(tx, c.contact_id), count=_ORDERS)
    brand = next((each.name for each in await agents.brands(tx) if each.id == c.brand_id), None)
    ticket = tickets[0] if tickets else None
    return quick_replies.known_of(
        [each for each in his if each.contact_id in shown], ticket.order_no if ticket else None,
        customer=None if c.contact_name.startswith(_NAMELESS) else c.contact_name,
        agent=viewer.name, inbox=c.inbox_name, brand=brand, ticket=ticket.number if ticket else None,
    )  # fmt: skip


def _types(data: OwnReplyRequest, call: Call) -> list[str]:
    tree = call.services.type_book.tree
    return [tree.check(each, f"types[{at}]") for at, each in enumerate(dict.fromkeys(data.types))]


def _is_for(reply: QuickReply, viewer: Viewer) -> bool:
    return not reply.teams or any(each in viewer.team_ids for each in reply.teams)


def _shape(name: str, of: QuickReply, used: Mapping[str, tuple[int, int]]) -> QuickReplyShape:
    times, mine = used.get(name, (0, 0))
    return QuickReplyShape(
        name, False, of.title, of.title_en, list(of.types), of.step, of.text, of.text_en, list(of.facts),
        list(of.inboxes), times, mine, 0,
    )  # fmt: skip


def _own(of: OwnReply, used: Mapping[str, tuple[int, int]]) -> QuickReplyShape:
    times, mine = used.get(str(of.id), (0, 0))
    return QuickReplyShape(str(of.id), True, of.title, "", of.types, None, of.text, "", [], [], times, mine, of.version)


routes = (reply_library, gap_values, keep_own_reply, change_own_reply, drop_own_reply)
