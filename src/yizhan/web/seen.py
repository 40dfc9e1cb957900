"""May this viewer see this row? A row out of scope does not exist for him."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk import views
from yizhan.desk.views import Owner
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Viewer


async def seen_ticket(tx: Tx, viewer: Viewer, ticket_id: UUID) -> Owner:
    return _seen(viewer, await views.owner_of_ticket(tx, ticket_id), f"ticket {ticket_id}")


async def seen_conversation(tx: Tx, viewer: Viewer, conversation_id: UUID) -> Owner:
    return _seen(viewer, await views.owner_of_conversation(tx, conversation_id), f"conversation {conversation_id}")


async def seen_contact(tx: Tx, viewer: Viewer, contact_id: UUID) -> None:
    if not await views.contact_seen(tx, viewer, contact_id):
        raise NotFound(f"contact {contact_id}")


def _seen(viewer: Viewer, owner: Owner, what: str) -> Owner:
    if not views.sees(viewer, owner):
        raise NotFound(what)
    return owner
