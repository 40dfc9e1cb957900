"""What goes over the wire about consultations."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.views import ConsultationLine, ConsultationRow

Words = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]
Some = Annotated[list[UUID], Meta(max_length=20)]


class AskRequest(msgspec.Struct):
    """`war_room` 危机: everybody asked may come at once, a supervisor closes it."""

    question: Words
    agents: Some = []
    teams: Some = []
    conversation_id: UUID | None = None
    war_room: bool = False


class InviteRequest(msgspec.Struct):
    agents: Some = []
    teams: Some = []


class SayRequest(msgspec.Struct):
    """Whoever is mentioned and not in it yet is asked into it."""

    text: Words
    mentions: Some = []
    client_id: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class ConclusionRequest(msgspec.Struct):
    """The conclusion becomes a processing note of the ticket."""

    conclusion: Words


class ConsultationShape(msgspec.Struct):
    consultation: ConsultationRow
    lines: list[ConsultationLine]


class ConsultationList(msgspec.Struct):
    items: list[ConsultationRow]


class LineList(msgspec.Struct):
    items: list[ConsultationLine]
