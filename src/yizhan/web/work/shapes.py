"""What goes over the wire about assignment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.routing import Offer, Why, wording
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


class CandidateShape(msgspec.Struct):
    """`excluded` names what keeps the agent from it, null when nothing does; `room` is free room now."""

    agent_id: UUID
    name: str
    excluded: str | None
    room: int
    carried: int
    cap: int
    presence: str
    presence_seconds: int


class ToldShape(msgspec.Struct):
    agent_id: UUID
    agent: str
    at: datetime
    explanation: dict[str, Any]


class WhyShape(msgspec.Struct):
    """`reach` is how far somebody is looked for (team, house, should), `wider_in` the seconds until it goes further.

    `text` says it all in the viewer's language; `rules` names the released documents that count.
    """

    state: str
    waits_for: str
    waited: int
    reach: str
    wider_in: int | None
    rules: str
    text: str
    assignment: ToldShape | None
    candidates: list[CandidateShape]


def offer_shape(offer: Offer, row: ConversationRow) -> OfferShape:
    return OfferShape(
        offer.id, row, offer.from_agent, offer.to_agent, offer.to_team, offer.note, offer.state, offer.expires_at
    )


def why_shape(why: Why, locale: str) -> WhyShape:
    told = why.assignment
    explained = msgspec.to_builtins(told.explanation) if told else {}
    return WhyShape(
        state=why.state,
        waits_for=why.waits_for,
        waited=why.waited,
        reach=why.reach,
        wider_in=why.wider_in,
        rules=why.rules,
        text=wording.waiting_for(why, locale),
        assignment=ToldShape(told.agent_id, told.agent, told.at, explained) if told else None,
        candidates=[
            CandidateShape(c.agent_id, c.name, c.excluded, c.room, c.carried, c.cap, c.state, c.state_s)
            for c in why.candidates
        ],
    )
