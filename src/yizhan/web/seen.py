"""May this viewer see this row? A row out of scope does not exist for him."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk import views
from yizhan.desk.views import Owner
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import consultations
from yizhan.records.agents import Viewer


async def seen_ticket(tx: Tx, viewer: Viewer, ticket_id: UUID) -> Owner:
    return _seen(viewer, await views.owner_of_ticket(tx, ticket_id), f"ticket {ticket_id}")


async def readable_ticket(tx: Tx, viewer: Viewer, ticket_id: UUID) -> Owner:
    """Also outside his scope, to read and no more, for who is asked into a consultation 会诊 as long as it is open."""
    owner = await views.owner_of_ticket(tx, ticket_id)
    if views.sees(viewer, owner) or await consultations.invited(tx, ticket_id, viewer.agent_id, viewer.team_ids):
        return owner
    raise NotFound(f"ticket {ticket_id}")


async def seen_conversation(tx: Tx, viewer: Viewer, conversation_id: UUID) -> Owner:
    return _seen(viewer, await views.owner_of_conversation(tx, conversation_id), f"conversation {conversation_id}")


async def seen_contact(tx: Tx, viewer: Viewer, contact_id: UUID) -> None:
    if not await views.contact_seen(tx, viewer, contact_id):
        raise NotFound(f"contact {contact_id}")


def _seen(viewer: Viewer, owner: Owner, what: str) -> Owner:
    if not views.sees(viewer, owner):
        raise NotFound(what)
    return owner
