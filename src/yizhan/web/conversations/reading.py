"""The parts of one screen of work, gathered in one snapshot."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.channels import OWN, Capabilities
from yizhan.desk.views import ConversationRow, MessageRow
from yizhan.foundation import journal
from yizhan.foundation.db import Tx
from yizhan.records import outbox
from yizhan.records.agents import Viewer
from yizhan.web.channel_house import ChannelHouse
from yizhan.web.conversations.shapes import ReachableRow, SuggestionShape, WorkShape, capability

PAGE = 50


async def work_of_ticket(
    tx: Tx, viewer: Viewer, ticket_id: UUID, now: datetime, house: ChannelHouse | None = None
) -> WorkShape:
    family = await views.with_merged(tx, ticket_id)
    (ticket,) = await views.ticket_rows(tx, [ticket_id])
    messages = await views.messages_of_tickets(tx, family, count=PAGE)
    own = await views.conversations_of(tx, family)
    others = await views.reachable(tx, await views.person_of(tx, ticket.contact_id))
    rows = await _reachable(tx, _merge(viewer, own, others), now, house)
    return WorkShape(
        ticket=ticket,
        conversations=rows,
        messages=messages,
        before=_before(messages),
        notes=await views.notes_of(tx, family),
        suggestion=_suggestion(own),
        merged=[t for t in family if t != ticket_id],
        pos=str(await journal.head(tx)),
    )


async def work_of_conversation(
    tx: Tx, viewer: Viewer, conversation_id: UUID, now: datetime, house: ChannelHouse | None = None
) -> WorkShape:
    (row,) = await views.conversation_rows(tx, [conversation_id])
    if row.ticket_id is not None:
        return await work_of_ticket(tx, viewer, row.ticket_id, now, house)
    messages = await views.messages_of_conversation(tx, conversation_id, count=PAGE)
    others = await views.reachable(tx, await views.person_of(tx, row.contact_id))
    return WorkShape(
        ticket=None,
        conversations=await _reachable(tx, _merge(viewer, [row], others), now, house),
        messages=messages,
        before=_before(messages),
        notes=[],
        suggestion=_suggestion([row]),
        merged=[],
        pos=str(await journal.head(tx)),
    )


async def _reachable(
    tx: Tx, rows: list[ConversationRow], now: datetime, house: ChannelHouse | None
) -> list[ReachableRow]:
    """With what their channels take and still let through, where one counts."""
    counted = [row.id for row in rows if row.channel not in outbox.UNCOUNTED]
    left = await outbox.rooms(tx, counted, now) if counted else {}
    can: dict[UUID, Capabilities | None] = {}
    for inbox_id, channel in {row.inbox_id: row.channel for row in rows}.items():
        can[inbox_id] = OWN.get(channel) or (await house.can(tx, inbox_id) if house is not None else None)
    return [ReachableRow(row, capability(row, can[row.inbox_id], left.get(row.id), now)) for row in rows]


def _before(messages: list[MessageRow]) -> UUID | None:
    return messages[0].id if len(messages) == PAGE else None


def _merge(viewer: Viewer, own: list[ConversationRow], others: list[ConversationRow]) -> list[ConversationRow]:
    """Of the person's other conversations only those that the viewer may see for themselves."""
    known = {row.id for row in own}
    return [*own, *(row for row in others if row.id not in known and views.sees(viewer, row))]


def _suggestion(rows: list[ConversationRow]) -> SuggestionShape | None:
    for row in rows:
        if row.joined_ticket_id and row.joined_ticket_number and row.joined_ticket_id != row.ticket_id:
            return SuggestionShape(row.id, row.joined_ticket_id, row.joined_ticket_number)
    return None
