"""The verbs of a ticket. Each leaves a processing note and an event; none opens a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.tickets import policy, store
from yizhan.records.tickets.lines import Line
from yizhan.records.tickets.model import Action, By, Note, Status, Ticket, TicketChange


async def move_ticket(
    tx: Tx, ticket: Ticket, action: Action, *, text: str, by: By, now: datetime, typed: bool,
    conversation_id: UUID | None = None, evidence: dict[str, str] | None = None,
) -> Ticket:  # fmt: skip
    """Moves a locked ticket; refuses a move the table does not have and an empty note."""
    words = policy.check_note(text)
    status = policy.next_status(ticket.status, action)
    version = await store.set_status(tx, ticket, status, now)
    await store.add_note(tx, Note(
        ticket_id=ticket.id, action=action, text=words, typed=typed, actor=by.actor, at=now,
        conversation_id=conversation_id, from_status=ticket.status, to_status=status, evidence=evidence,
    ))  # fmt: skip
    moved = msgspec.structs.replace(ticket, status=status, version=version)
    await tell(tx, moved, "ticket.moved", by, now, {"action": action, "from": ticket.status, "to": status})
    return moved


async def change_ticket(
    tx: Tx, ticket: Ticket, change: TicketChange, *, expected: int, text: str, by: By, now: datetime
) -> Ticket:
    """Changes by hand: refused when the row moved on since the agent read it."""
    if ticket.version != expected:
        raise Conflict("the ticket has changed in the meantime; look again")
    words = policy.check_note(text)
    wanted = {f: v for f, v in msgspec.structs.asdict(change).items() if v is not msgspec.UNSET}
    if not wanted:
        raise Invalid("nothing to change")
    if not 1 <= wanted.get("priority", 1) <= 4:
        raise Invalid("priority is 1 to 4", "priority")
    changed = msgspec.structs.replace(ticket, **wanted)
    changed = msgspec.structs.replace(changed, version=await store.change(tx, changed, sure="type" in wanted))
    await store.tags_given(tx, [tag for tag in changed.tags if tag not in ticket.tags], now)
    await store.add_note(tx, Note(
        ticket_id=ticket.id, action="change", text=words, typed=not isinstance(words, Line), actor=by.actor, at=now,
    ))  # fmt: skip
    await tell(tx, changed, "ticket.changed", by, now, {"fields": sorted(wanted)} | _from_what_to_what(ticket, changed))
    if changed.order_no and changed.order_no != ticket.order_no:
        await tell(tx, changed, "order.quoted", by, now, {})  # evidence of who the customer is
    return changed


def _from_what_to_what(before: Ticket, after: Ticket) -> dict[str, object]:
    """Of type and priority; what may be personal is told nowhere but in the ticket."""
    moved = [name for name in ("priority", "type") if getattr(before, name) != getattr(after, name)]
    if not moved:
        return {}
    return {"was": {n: getattr(before, n) for n in moved}, "now": {n: getattr(after, n) for n in moved}}


async def hand_over(
    tx: Tx, ticket: Ticket, *, agent_id: UUID | None, team_id: UUID | None, text: str, by: By, now: datetime,
    typed: bool, evidence: dict[str, str] | None = None, conversation_id: UUID | None = None,
) -> Ticket:  # fmt: skip
    """A new handler (or none: back to the team's pool), with the note that says why."""
    words = policy.check_note(text)
    version = await store.set_handler(tx, ticket.id, agent_id, team_id)
    status = Status.OPEN if ticket.status is Status.NEW and agent_id else ticket.status
    await store.add_note(tx, Note(
        ticket_id=ticket.id, action="start" if status is not ticket.status else "assign", text=words, typed=typed,
        actor=by.actor, at=now, from_status=ticket.status, to_status=status, evidence=evidence,
        conversation_id=conversation_id,
    ))  # fmt: skip
    after = msgspec.structs.replace(
        ticket, agent_id=agent_id, team_id=team_id or ticket.team_id, status=status, version=version,
        owner_id=ticket.owner_id or agent_id,
    )  # fmt: skip
    await tell(tx, after, "ticket.assigned", by, now, {"from": ticket.agent_id, "to": agent_id, "team": team_id})
    return after


async def create_ticket(
    tx: Tx, *, contact_id: UUID, subject: str, kind: str, priority: int, text: str, by: By, now: datetime,
    channel: str = "manual", brand_id: UUID | None = None, team_id: UUID | None = None, linked_to: UUID | None = None,
    parent_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """A sub-task (`parent_id`) begins with nobody: it is given to a team."""
    words = policy.check_note(text)
    ticket_id = new_id(now)
    agent_id = None if parent_id else by.agent_id
    brand = brand_id or await store.brand_of(tx, contact_id)
    _, version = await store.create(
        tx, ticket_id=ticket_id, brand_id=brand, contact_id=contact_id, subject=subject.strip()[:120], kind=kind,
        priority=priority, channel=channel, agent_id=agent_id, team_id=team_id, linked_to=linked_to, now=now,
        parent_id=parent_id,
    )  # fmt: skip
    await store.add_note(tx, Note(
        ticket_id=ticket_id, action="create", text=words, typed=not isinstance(words, Line), actor=by.actor, at=now,
        to_status=Status.OPEN if agent_id else Status.NEW,
    ))  # fmt: skip
    await emit(tx, [Event(
        kind="ticket.created", subject=ticket_id, subject_version=version, at=now, actor=by.actor, request=by.request,
        brand_id=brand, team_id=team_id, agent_id=agent_id, contact_id=contact_id, ticket_id=ticket_id,
        data={"channel": channel} | ({"parent": parent_id} if parent_id else {}),
    )])  # fmt: skip
    return ticket_id


async def merge_ticket(
    tx: Tx, ticket: Ticket, into: Ticket | None, *, text: str, by: By, now: datetime, typed: bool = False
) -> Ticket:
    """并入, reversible: `into` None takes it back. Nothing moves; lists follow the pointer."""
    if into is not None and (into.merged_into is not None or into.id == ticket.id):
        raise Invalid("that ticket cannot take another", "into")
    version = await store.merge(tx, ticket.id, into.id if into else None)
    words = policy.check_note(text)
    action = "join" if into else "unjoin"
    await store.add_note(tx, Note(ticket_id=ticket.id, action=action, text=words, typed=typed, actor=by.actor, at=now))
    after = msgspec.structs.replace(ticket, merged_into=into.id if into else None, version=version)
    await tell(tx, after, f"ticket.{action}ed", by, now, {"into": into.id if into else ticket.merged_into})
    return after


async def tell(tx: Tx, t: Ticket, kind: str, by: By, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=t.id, subject_version=t.version, at=now, actor=by.actor, request=by.request,
        brand_id=t.brand_id, team_id=t.team_id, agent_id=t.agent_id, contact_id=t.contact_id, ticket_id=t.id,
        data=facts,
    )])  # fmt: skip
