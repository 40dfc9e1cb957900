"""The verbs of an agent who serves: each locks conversation, then ticket, and leaves note and event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.serving import policy, store
from yizhan.desk.serving.joining import ensure_same_person
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import cases, complaints, conversations, outbox, tickets
from yizhan.records.config import SHIPPED_TREE, UNSORTED, TypeTree
from yizhan.records.conversations import Conversation, Draft, EndReason, Stored, Summary
from yizhan.records.tickets import Action, By, Status, Ticket, TicketChange

Gate = Callable[[Tx, Ticket, Status], Awaitable[None]]
"""Refuses, by raising, that a locked ticket enters a status by somebody's hand: what its form asks for."""


class KeptSilent(Conflict):
    """The customer is in a crisis: only people speak to him."""

    code = "kept_silent"


class UnderHold(Conflict):
    """法律保留: what was said stays as it is."""

    code = "legal_hold"


_TAKEN_BACK = "客户撤回了一条消息"
"""The subject of a ticket whose first words were taken back."""


async def reply(tx: Tx, conversation_id: UUID, draft: Draft, *, now: datetime, ticket_id: UUID | None = None) -> Stored:
    """Stores an answer and puts it into the outbound queue: one transaction, so neither is without the other."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if not draft.human and draft.direction == "out" and await complaints.is_frozen(tx, c.contact_id):
        raise KeptSilent("a crisis: nothing automatic is said to this customer")
    if not draft.human and draft.direction == "out" and await outbox.is_public(tx, c.id, c.channel):
        raise KeptSilent("everybody reads it: in public only people answer")
    if ticket_id is not None and ticket_id != c.ticket_id:
        await ensure_same_person(tx, ticket_id, c)
    stored = await conversations.say(tx, c, draft, now=now, ticket_id=ticket_id)
    if stored.repeated or draft.direction != "out":
        return stored
    if draft.kind != outbox.TEMPLATE:
        await outbox.ensure_room(
            tx, c.id, c.channel, now, besides=stored.message_id, kept=draft.human or draft.kind == outbox.SURVEY
        )
    ticket = ticket_id or c.ticket_id
    if ticket is not None:
        preview = " ".join(draft.text.split())[:140] or "[file]"
        await tickets.replied(tx, ticket, now, preview, human=draft.human)
    await outbox.enqueue(
        tx, message_id=stored.message_id, inbox_id=c.inbox_id, conversation_id=c.id, channel=c.channel, now=now
    )
    return stored


async def recall(tx: Tx, message_id: UUID, conversation_id: UUID, *, actor: str, now: datetime) -> None:
    """撤回 within its time; never while the law holds on to what was said."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if await cases.is_held(tx, c.contact_id):
        raise UnderHold("this customer's messages are under legal hold: nothing is taken back while it stands")
    said_at = await conversations.recall_message(tx, c, message_id, actor=actor, now=now)
    if c.ticket_id is not None:
        await tickets.hush(tx, c.ticket_id, said_at, "", "")


async def recalled_by_customer(tx: Tx, message_id: UUID, *, now: datetime) -> None:
    """His words no longer stand anywhere that is read: thread, lists, the subject that was made of them."""
    taken = await conversations.recalled_by_customer(tx, message_id, now=now)
    if taken is not None and taken.ticket_id is not None:
        await tickets.hush(tx, taken.ticket_id, taken.at, taken.text, _TAKEN_BACK)


async def proposed_summary(
    tx: Tx, c: Conversation, locale: str = "zh-CN", types: TypeTree = SHIPPED_TREE
) -> tuple[Summary, bool]:
    """The prefilled 服务小结 in the language of whoever ends it, and whether own words are asked for."""
    kind = types.known(await store.ticket_type(tx, c.ticket_id) if c.ticket_id else UNSORTED)
    return policy.propose(kind, await store.dialogue(tx, c.id), locale), types.own_words(kind)


async def end(
    tx: Tx, conversation_id: UUID, summary: Summary, *, typed: bool, by: By, now: datetime,
    types: TypeTree = SHIPPED_TREE, gate: Gate | None = None,
) -> tuple[UUID, Ticket | None]:  # fmt: skip
    """结束会话 with its 服务小结, which is the one note of the ticket's move 处理中 → 待客户确认.

    Another type in it is the ticket's type from now on, before the form is asked what the new status needs.
    `typed` says that a person changed the proposal: at most one note a conversation may be.
    """
    text = tickets.check_note(summary.text)
    kind = types.known(summary.type)
    types.check_words(kind, text)
    c = await conversations.lock_conversation(tx, conversation_id)
    if typed and await tickets.typed_notes(tx, c.id):
        typed = False  # a transfer's note was already typed for this spell of service: this one edits the proposal
    await conversations.end_conversation(
        tx, c, reason=EndReason.AGENT, summary=msgspec.structs.replace(summary, text=text, type=kind), actor=by.actor,
        now=now,
    )  # fmt: skip
    if c.ticket_id is None:
        return c.id, None
    ticket = await _retype(tx, await tickets.lock_ticket(tx, c.ticket_id), kind, types, by, now)
    action = policy.move_after(ticket.status, summary.solved)
    if action is None:
        await tickets.add_note(tx, tickets.Note(
            ticket_id=ticket.id, action="summary", text=text, typed=typed, actor=by.actor, at=now, conversation_id=c.id,
            from_status=ticket.status, to_status=ticket.status,
        ))  # fmt: skip
        return c.id, ticket
    await _pass(tx, gate, ticket, action)
    moved = await tickets.move_ticket(tx, ticket, action, text=text, by=by, now=now, typed=typed, conversation_id=c.id)
    return c.id, moved


async def end_by_customer(tx: Tx, conversation_id: UUID, *, reason: EndReason, actor: str, now: datetime) -> None:
    """The customer leaves or falls silent: no note is asked of anybody, the ticket stays where it is."""
    c = await conversations.lock_conversation(tx, conversation_id)
    await conversations.end_conversation(tx, c, reason=reason, summary=None, actor=actor, now=now)


async def move(
    tx: Tx, ticket_id: UUID, action: Action, *, text: str, by: By, now: datetime, typed: bool = True,
    types: TypeTree = SHIPPED_TREE, gate: Gate | None = None,
) -> Ticket:  # fmt: skip
    """A status move by hand; closing a ticket ends its asynchronous conversations with it."""
    held = await conversations.lock_of_ticket(tx, ticket_id)
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if action in (Action.SOLVE, Action.CONFIRM):
        types.check_words(ticket.type, text)
    await _pass(tx, gate, ticket, action)
    if tickets.next_status(ticket.status, action) in tickets.FINAL:
        await complaints.ensure_may_end(tx, ticket_id)
    moved = await tickets.move_ticket(tx, ticket, action, text=text, by=by, now=now, typed=typed)
    if moved.status in tickets.FINAL:
        for c in held:
            if not c.live:
                await conversations.end_conversation(
                    tx, c, reason=EndReason.TICKET, summary=None, actor=by.actor, now=now
                )
    return moved


async def read(tx: Tx, conversation_id: UUID, message_id: UUID, *, by: By, now: datetime) -> None:
    """The serving agent has seen the conversation; others' reading changes no counter."""
    c = await conversations.lock_conversation(tx, conversation_id)
    serving = c.agent_id is not None and c.agent_id == by.agent_id
    await conversations.mark_read(tx, c, message_id, reader=by.actor, serving=serving, now=now)
    if serving and c.ticket_id is not None:
        await tickets.clear_unread(tx, c.ticket_id)


async def _retype(tx: Tx, ticket: Ticket, kind: str, types: TypeTree, by: By, now: datetime) -> Ticket:
    """As if changed by hand: who follows tickets hears of it. One whose key a release dropped is left as it is."""
    if kind == types.known(ticket.type):
        return ticket
    change = TicketChange(type=kind, priority=types.raised(kind, ticket.priority))
    return await tickets.change_ticket(
        tx, ticket, change, expected=ticket.version, text=_retyped(ticket.type, kind, types), by=by, now=now
    )


def _retyped(before: str, after: str, types: TypeTree) -> tickets.Line:
    """Kept with keys: the reader's language has its own names for them."""
    said = tickets.line("retyped", type_before=types.name(before), type_after=types.name(after))
    return tickets.Line(said, said.code, {"type_before": before, "type_after": after})


async def _pass(tx: Tx, gate: Gate | None, ticket: Ticket, action: Action) -> None:
    if gate is not None:
        await gate(tx, ticket, tickets.next_status(ticket.status, action))
