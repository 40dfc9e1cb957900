"""Which matter is whose: 并入 and its way back, 分开, and 拆出所选消息. Conversations are locked before tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.serving import store
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records import conversations, tickets
from yizhan.records.conversations import Conversation
from yizhan.records.tickets import Action, By, Status, Ticket


async def join(tx: Tx, conversation_id: UUID, into: UUID, *, by: By, now: datetime) -> Ticket:
    """并入: the new ticket of this conversation points to the older one; taken back by `unjoin`."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.ticket_id is None or c.ticket_id == into:
        raise Conflict("this conversation already belongs to that ticket")
    await ensure_same_person(tx, into, c)
    ticket, target = await tickets.lock_two(tx, c.ticket_id, into)
    if target.status in tickets.FINAL:
        raise Conflict("that ticket is over: reopen it first")
    merged = await tickets.merge_ticket(
        tx, ticket, target, text=tickets.line("joined", number=target.number), by=by, now=now
    )
    await conversations.attach_to_ticket(tx, c, target.id, actor=by.actor, now=now)
    await _take_in(tx, target, ticket, by, now)
    return merged


async def merge(tx: Tx, ticket_id: UUID, into: UUID, *, text: str, by: By, now: datetime) -> Ticket:
    """并入 by hand, with the reason why: what runs of the ticket goes on in the other; taken back by `unjoin`."""
    words = tickets.check_note(text)
    held = await conversations.lock_many(tx, [], sorted({ticket_id, into}))
    ticket, target = await tickets.lock_two(tx, ticket_id, into)
    if ticket.status in tickets.FINAL or target.status in tickets.FINAL or ticket.merged_into is not None:
        raise Conflict("only a ticket that is open is merged, into one that is open")
    if ticket.parent_id is not None or await tickets.open_children(tx, ticket.id):
        raise Conflict("a sub-task, or a ticket with open sub-tasks, is not merged")
    if await store.took_in(tx, ticket.id):
        raise Conflict("others were merged into this ticket: take them out first, or merge the other way round")
    if not await store.same_person(tx, into, ticket.contact_id):
        raise Invalid("that ticket is not this customer's", "number")
    said = tickets.line("joined_why", number=target.number, words=words)
    merged = await tickets.merge_ticket(tx, ticket, target, text=said, by=by, now=now, typed=True)
    for c in held:
        if c.ticket_id == ticket.id:
            await conversations.attach_to_ticket(tx, c, target.id, actor=by.actor, now=now)
    await _take_in(tx, target, ticket, by, now)
    return merged


async def unjoin(tx: Tx, ticket_id: UUID, *, by: By, now: datetime) -> Ticket:
    """Takes a 并入 back: the conversations in which something was said for the ticket return to it, and the bar that
    asks whether it is the same matter returns to them."""
    held = await conversations.lock_many(tx, await store.spoken_in(tx, ticket_id))
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.merged_into is None:
        raise Conflict("the ticket is not merged into another")
    suggested = ticket.merged_into if await store.is_open(tx, ticket.merged_into) else None
    after = await tickets.merge_ticket(tx, ticket, None, text=tickets.line("unjoined"), by=by, now=now)
    for c in held:
        if c.ticket_id == ticket.merged_into:
            await conversations.attach_to_ticket(tx, c, ticket.id, actor=by.actor, now=now, suggested=suggested)
    return after


async def separate(tx: Tx, conversation_id: UUID, *, by: By, now: datetime) -> None:
    c = await conversations.lock_conversation(tx, conversation_id)
    await conversations.separate(tx, c, actor=by.actor, now=now)


async def split(tx: Tx, ticket_id: UUID, message_ids: Sequence[UUID], subject: str, *, by: By, now: datetime) -> UUID:
    """拆出所选消息: a new ticket of the same customer that holds them."""
    if not message_ids or not subject.strip():
        raise Invalid("choose messages and give the new ticket a subject", "message_ids")
    ticket = await tickets.lock_ticket(tx, ticket_id)
    made = await tickets.create_ticket(
        tx, contact_id=ticket.contact_id, subject=subject, kind=ticket.type, priority=ticket.priority,
        channel=ticket.channel, text=tickets.line("split_off", number=ticket.number), by=by, now=now,
        brand_id=ticket.brand_id, team_id=ticket.team_id, linked_to=ticket.id,
    )  # fmt: skip
    await conversations.split_messages(
        tx, message_ids, from_ticket=ticket.id, to_ticket=made, contact_id=ticket.contact_id, actor=by.actor, now=now
    )
    return made


async def _take_in(tx: Tx, target: Ticket, ticket: Ticket, by: By, now: datetime) -> None:
    """What was solved has something new in it."""
    if target.status is Status.PENDING:
        await tickets.move_ticket(
            tx, target, Action.RETURN_TO_QUEUE, text=tickets.line("took_in", number=ticket.number), by=by, now=now,
            typed=False,
        )  # fmt: skip


async def ensure_same_person(tx: Tx, ticket_id: UUID, c: Conversation) -> None:
    if not await store.same_person(tx, ticket_id, c.contact_id):
        raise Invalid("that ticket is not this customer's", "ticket_id")
