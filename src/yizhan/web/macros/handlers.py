"""The routes of macros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter

from yizhan.desk import macros, quick_replies, views
from yizhan.desk.macros import Macro, MacroDeed, MacroStep, Situation, StepRefused
from yizhan.desk.quick_replies import GAPS
from yizhan.desk.views import ConversationRow, TicketRow
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, DomainError, Invalid, NotFound
from yizhan.records import conversations, tickets
from yizhan.records.agents import Permission, Viewer
from yizhan.web.call import Call
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.macros.shapes import MacroBefore, MacroDone, MacroList, MacroOffer, MacroRequest
from yizhan.web.macros.steps import Hand, do
from yizhan.web.quick_replies import known_in
from yizhan.web.seen import seen_ticket
from yizhan.web.services import Services

WRITE = [permits(Permission.TICKET_WRITE)]
_TAKEN_BACK = frozenset({MacroDeed.CHANGE, MacroDeed.TAG})

Spoken = Annotated[Literal["zh-CN", "en"], QueryParameter()]


@get("/tickets/{ticket_id:uuid}/macros", guards=WRITE)
async def macros_for(
    ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer,
    conversation_id: FromQuery[UUID | None] = None, locale: Spoken = "zh-CN",
) -> MacroList:  # fmt: skip
    """What the house offers this person for this ticket, each with what it would do now; those meant for it first."""
    async with services.db.read() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        ticket, c = await _rows(tx, ticket_id, conversation_id)
        known = await _known(tx, services, viewer, c, locale)
    made = [
        _offer(name, each, ticket, macros.plan(each, _situation(each, services, ticket, c, known, locale)))
        for name, each in services.macro_book.now.items() if _is_for(each, services, viewer, c)
    ]  # fmt: skip
    return MacroList(sorted(made, key=lambda one: (not one.suits, one.title)))


@post("/tickets/{ticket_id:uuid}/macros/{name:str}", guards=WRITE, status_code=200)
async def apply_macro(
    ticket_id: FromPath[UUID], name: FromPath[str], data: JSONBody[MacroRequest], call: GivenCall
) -> Response[MacroDone]:
    """All steps in one transaction: one that may not be done refuses the whole, and is named."""

    async def verb(tx: Tx) -> MacroDone:
        await seen_ticket(tx, call.viewer, ticket_id)
        await conversations.lock_many(tx, [data.conversation_id] if data.conversation_id else [], [ticket_id])
        before = await tickets.lock_ticket(tx, ticket_id)
        macro, steps = await _agreed(tx, ticket_id, name, data, call)
        note = tickets.line("macro", macro=macro.title, macro_en=macro.title_en or macro.title)
        hand = Hand(
            call, ticket_id, data.conversation_id, note, macro.reply, data.client_id, data.locale, data.seen
        )  # fmt: skip
        for step in steps:
            await _do(tx, step, hand)
        after = await tickets.lock_ticket(tx, ticket_id)
        await macros.tell_applied(tx, after, name, steps, by=hand.by, now=call.now)
        (row,) = await views.ticket_rows(tx, [ticket_id])
        undoable = all(step.deed in _TAKEN_BACK for step in steps)
        return MacroDone(row, MacroBefore(before.type, before.priority, before.tags) if undoable else None)

    return await call.write(verb)


async def _agreed(
    tx: Tx, ticket_id: UUID, name: str, data: MacroRequest, call: Call
) -> tuple[Macro, tuple[MacroStep, ...]]:
    """What was read before it was confirmed, and still is what would be done."""
    services = call.services
    ticket, c = await _rows(tx, ticket_id, data.conversation_id)
    macro = services.macro_book.now.get(name)
    if macro is None or not _is_for(macro, services, call.viewer, c):
        raise NotFound(f"macro {name}")
    known = await _known(tx, services, call.viewer, c, data.locale)
    steps = macros.plan(macro, _situation(macro, services, ticket, c, known, data.locale))
    if macros.mark_of(steps) != data.mark:
        raise Conflict("what this macro would do has changed meanwhile: look at it again")
    if not steps:
        raise Conflict("everything this macro does is so already")
    return macro, steps


async def _do(tx: Tx, step: MacroStep, hand: Hand) -> None:
    try:
        await do(tx, step, hand)
    except DomainError as cause:
        raise StepRefused(step.deed, cause) from cause


async def _rows(tx: Tx, ticket_id: UUID, conversation_id: UUID | None) -> tuple[TicketRow, ConversationRow | None]:
    (ticket,) = await views.ticket_rows(tx, [ticket_id])
    if conversation_id is None:
        return ticket, None
    rows = await views.conversation_rows(tx, [conversation_id])
    if not rows or rows[0].ticket_id != ticket_id:
        raise Invalid("this conversation is not of this ticket", "conversation_id")
    return ticket, rows[0]


async def _known(
    tx: Tx, services: Services, viewer: Viewer, c: ConversationRow | None, locale: str
) -> Mapping[str, str]:
    return quick_replies.values_of(await known_in(tx, services, viewer, c.id), locale) if c else {}


def _situation(
    macro: Macro, services: Services, ticket: TicketRow, c: ConversationRow | None, known: Mapping[str, str],
    locale: str,
) -> Situation:  # fmt: skip
    words = ""
    if macro.reply:
        reply = services.reply_book.now[macro.reply]
        words = quick_replies.fill(reply.text_en if locale == "en" and reply.text_en else reply.text, known)
    missing = tuple(gap for gap in quick_replies.gaps_in(words) if gap in GAPS)
    live = c is not None and c.live and c.phase == "served"
    return Situation(
        type=ticket.type, priority=ticket.priority, tags=ticket.tags, live=live, words=words, missing=missing
    )


def _is_for(macro: Macro, services: Services, viewer: Viewer, c: ConversationRow | None) -> bool:
    """One whose quick reply is switched off is not offered."""
    return (
        (macro.reply is None or macro.reply in services.reply_book.now)
        and (not macro.teams or any(team in viewer.team_ids for team in macro.teams))
        and (not macro.inboxes or (c is not None and c.inbox_id in macro.inboxes))
    )


def _offer(name: str, of: Macro, ticket: TicketRow, steps: tuple[MacroStep, ...]) -> MacroOffer:
    suits = any(ticket.type == key or ticket.type.startswith(f"{key}.") for key in of.types)
    return MacroOffer(name, of.title, of.title_en, suits, steps, macros.mark_of(steps))


routes = (macros_for, apply_macro)
