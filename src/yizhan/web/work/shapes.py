"""What goes over the wire about assignment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.routing import Offer
from yizhan.desk.views import ConversationRow
from yizhan.web.conversations.shapes import Words


class TransferRequest(msgspec.Struct):
    """转接 to an agent or to a team; the note is for the receiver."""

    note: Words
    agent_id: UUID | None = None
    team_id: UUID | None = None


class NoteRequest(msgspec.Struct):
    note: Words


class DeclineRequest(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class OfferShape(msgspec.Struct):
    id: UUID
    conversation: ConversationRow
    from_agent: UUID | None
    to_agent: UUID | None
    to_team: UUID | None
    note: str
    state: str
    expires_at: datetime


class OfferList(msgspec.Struct):
    items: list[OfferShape]


def offer_shape(offer: Offer, row: ConversationRow) -> OfferShape:
    return OfferShape(
        offer.id, row, offer.from_agent, offer.to_agent, offer.to_team, offer.note, offer.state, offer.expires_at
    )
