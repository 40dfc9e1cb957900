"""Who may do what in a consultation. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.records.consultations.model import Consultation, ConsultationState, Invitation, MemberState

_LONGEST = 4_000


def check_words(text: str, field: str) -> str:
    words = text.strip()
    if not words or len(words) > _LONGEST:
        raise Invalid(f"1 to {_LONGEST} characters", field)
    return words


def ensure_open(c: Consultation) -> None:
    if c.state is not ConsultationState.OPEN:
        raise Conflict("the consultation is closed; its conclusion is a processing note of the ticket")


def ensure_speaks(c: Consultation, members: Sequence[Invitation], agent_id: UUID, *, leads: bool) -> None:
    """Who asked, who came, whoever has the ticket or supervises (`leads`)."""
    joined = any(m.agent_id == agent_id and m.state is MemberState.JOINED for m in members)
    if not (joined or leads or c.asked_by == agent_id):
        raise Forbidden("join the consultation first")


def invitation_for(
    members: Sequence[Invitation], agent_id: UUID, teams: Sequence[UUID]
) -> tuple[Invitation | None, Invitation | None]:
    """His own, and that of a team of his."""
    own = next((m for m in members if m.agent_id == agent_id), None)
    team = next((m for m in members if m.agent_id is None and m.team_id in teams), None)
    return own, team
