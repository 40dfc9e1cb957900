"""After 撤销合并: what one of the two said in the other's ticket becomes a ticket of its own, with who has it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from yizhan.desk.serving import store
from yizhan.desk.serving.joining import unjoin
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Event, Reader, emit
from yizhan.records import conversations, tickets
from yizhan.records.tickets import Action, By, Note, Ticket

_BY = By(actor="system")
_SUBJECT = 120


def parting_reader(db: Database, clock: Clock) -> Reader:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.contact_id is not None:
                await part(tx, [entry.contact_id, UUID(str(entry.data["other"]))], clock.now())

    return Reader(db, clock, "parting", take, kinds=frozenset({"contact.unlinked"}))


async def part(tx: Tx, contacts: Sequence[UUID], now: datetime) -> None:
    """Of the persons of these contacts; nothing happens where everything lies with its own already."""
    for ticket_id in await store.merged_across(tx, contacts):
        await unjoin(tx, ticket_id, by=_BY, now=now)
    strays = await store.strays(tx, contacts)
    for (ticket_id, _), spells in groupby(strays, key=lambda stray: (stray.ticket_id, stray.person_id)):
        await _move_out(tx, ticket_id, list(spells), now)


async def _move_out(tx: Tx, ticket_id: UUID, strays: Sequence[store.Stray], now: datetime) -> None:
    held = await conversations.lock_many(tx, [stray.conversation_id for stray in strays])
    ticket = await tickets.lock_ticket(tx, ticket_id)
    over = ticket.status in tickets.FINAL
    said = tickets.line("parted", number=ticket.number)
    made = await tickets.create_ticket(
        tx, contact_id=strays[0].contact_id, subject=strays[0].said[:_SUBJECT] or ticket.subject, kind=ticket.type,
        priority=ticket.priority, text=said, by=By(_BY.actor, None if over else ticket.agent_id), now=now,
        channel=held[0].channel, brand_id=ticket.brand_id, team_id=ticket.team_id, linked_to=ticket.id,
    )  # fmt: skip
    messages = [id for stray in strays for id in stray.messages]
    await conversations.split_messages(
        tx, messages, from_ticket=ticket.id, to_ticket=made, contact_id=strays[0].contact_id, actor=_BY.actor, now=now
    )
    for c in held:
        if c.ticket_id == ticket.id:
            await conversations.attach_to_ticket(tx, c, made, actor=_BY.actor, now=now)
    if over:  # nobody has to do anything: it is there to be read
        part_of = await tickets.lock_ticket(tx, made)
        moved = await tickets.move_ticket(tx, part_of, Action.CANCEL, text=said, by=_BY, now=now, typed=False)
        await _tell_owner(tx, ticket, moved, now)


async def _tell_owner(tx: Tx, ticket: Ticket, parted: Ticket, now: datetime) -> None:
    """Whose ended ticket has lost a part: in its trace, and at the bell of who answers for it."""
    await tickets.add_note(tx, Note(
        ticket_id=ticket.id, action="split", text=tickets.line("parted_off", number=parted.number), typed=False,
        actor=_BY.actor, at=now, from_status=ticket.status, to_status=ticket.status,
    ))  # fmt: skip
    owner = ticket.owner_id or ticket.agent_id
    if owner is None:
        return
    await emit(tx, [Event(
        kind="notice.raised", subject=parted.id, subject_version=parted.version, at=now, actor=_BY.actor,
        brand_id=parted.brand_id, team_id=parted.team_id, contact_id=parted.contact_id, ticket_id=parted.id,
        data={"who": ["owner"], "agents": [owner], "how": "notify", "why": "ticket.parted"},
    )])  # fmt: skip
