"""Each step of a macro by the verb that does it when it is asked for alone."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from yizhan.desk import forms, routing, serving
from yizhan.desk.macros import MacroDeed, MacroStep
from yizhan.desk.serving import Standpoint
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.records import conversations, tickets
from yizhan.records.agents import Permission
from yizhan.records.conversations import Solved, Summary
from yizhan.records.tickets import Action, By, Line, TicketChange, Wait
from yizhan.web.call import Call
from yizhan.web.conversations import NewMessage, end, say
from yizhan.web.tickets import given_tags
from yizhan.web.work import TransferRequest, offer_to

_SPEAKS = frozenset({MacroDeed.REPLY, MacroDeed.END, MacroDeed.TRANSFER})


class Hand(NamedTuple):
    """Who does it, to what; `note` is the processing note of every step that asks for one."""

    call: Call
    ticket_id: UUID
    conversation_id: UUID | None
    note: Line
    reply: str | None
    client_id: str
    locale: str
    seen: Standpoint | None

    @property
    def by(self) -> By:
        return By(self.call.actor, self.call.viewer.agent_id)


async def do(tx: Tx, step: MacroStep, hand: Hand) -> None:
    """The ticket and its conversations are locked."""
    if step.deed in _SPEAKS and not hand.call.viewer.may(Permission.MESSAGE_REPLY):
        raise Forbidden("you may not answer customers")
    if step.deed is MacroDeed.CHANGE:
        await _change(tx, step, hand)
    elif step.deed is MacroDeed.TAG:
        await _tag(tx, step, hand)
    elif step.deed is MacroDeed.SUBMIT:
        await _submit(tx, step, hand)
    elif step.deed is MacroDeed.WAIT:
        await _wait(tx, step, hand)
    elif step.deed is MacroDeed.ASSIGN:
        await _assign(tx, step, hand)
    elif hand.conversation_id is None:
        raise Conflict("there is no conversation to answer in")
    elif step.deed is MacroDeed.REPLY:
        await _reply(tx, hand.conversation_id, step, hand)
    elif step.deed is MacroDeed.END:
        await _end(tx, hand.conversation_id, step, hand)
    else:
        to = TransferRequest(note=str(hand.note), team_id=step.team_id)
        await offer_to(tx, hand.conversation_id, to, hand.call)


async def _reply(tx: Tx, conversation_id: UUID, step: MacroStep, hand: Hand) -> None:
    words = NewMessage(client_id=hand.client_id, text=step.text, seen=hand.seen, quick_reply=hand.reply)
    sent = await say(tx, conversation_id, words, [], hand.call)
    if sent.held is not None:
        raise Conflict("a word in it waits for a yes: send it by hand")
    if sent.repeated:
        raise Conflict("this was sent already")


async def _change(tx: Tx, step: MacroStep, hand: Hand) -> None:
    ticket = await tickets.lock_ticket(tx, hand.ticket_id)
    types = hand.call.services.type_book.tree
    kind = types.check(step.type or ticket.type, "type", kept=ticket.type)
    priority = step.priority or (types.raised(kind, ticket.priority) if step.type else ticket.priority)
    wanted = TicketChange(type=kind, priority=priority)
    await tickets.change_ticket(
        tx, ticket, wanted, expected=ticket.version, text=hand.note, by=hand.by, now=hand.call.now
    )


async def _tag(tx: Tx, step: MacroStep, hand: Hand) -> None:
    add = await given_tags(tx, hand.call, list(step.add))
    ticket = await tickets.lock_ticket(tx, hand.ticket_id)
    await tickets.tag_ticket(tx, ticket, add=add, remove=step.remove, by=hand.by, now=hand.call.now)


async def _end(tx: Tx, conversation_id: UUID, step: MacroStep, hand: Hand) -> None:
    proposed = await _summary(tx, conversation_id, hand)
    given = Summary(proposed.type, step.solved or Solved.SOLVED, step.text or proposed.text)
    await end(tx, conversation_id, given, {}, hand.call, written=False)


async def _submit(tx: Tx, step: MacroStep, hand: Hand) -> None:
    text: str = step.text or hand.note
    if hand.conversation_id is not None:
        text = step.text or (await _summary(tx, hand.conversation_id, hand)).text
    services = hand.call.services
    await serving.move(
        tx, hand.ticket_id, Action.SOLVE, text=text, by=hand.by, now=hand.call.now, typed=False,
        types=services.type_book.tree, gate=forms.gate(services.form_book, hand.call.now),
    )  # fmt: skip


async def _summary(tx: Tx, conversation_id: UUID, hand: Hand) -> Summary:
    """As it is proposed; a type that asks for somebody's own words is ended by somebody."""
    c = await conversations.lock_conversation(tx, conversation_id)
    proposed, own = await serving.proposed_summary(tx, c, hand.locale, hand.call.services.type_book.tree)
    if own:
        raise Conflict("this type asks for a summary in one's own words: end it by hand")
    return proposed


async def _wait(tx: Tx, step: MacroStep, hand: Hand) -> None:
    assert step.reason is not None
    after = hand.call.now + timedelta(hours=step.hours) if step.hours else None
    ticket = await tickets.lock_ticket(tx, hand.ticket_id)
    await tickets.wait_for(tx, ticket, Wait(step.reason, after), text=hand.note, by=hand.by, now=hand.call.now)


async def _assign(tx: Tx, step: MacroStep, hand: Hand) -> None:
    await routing.assign_ticket(
        tx, hand.ticket_id, agent_id=None, team_id=step.team_id, note=hand.note, by=hand.by, now=hand.call.now,
        book=hand.call.services.routing_book,
    )  # fmt: skip
