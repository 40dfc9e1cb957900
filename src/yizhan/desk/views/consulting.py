"""Consultations 会诊 as screens show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.views.promising import scope_of
from yizhan.desk.views.store import SQL, Owner
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Viewer

_MOST = 200
_MOST_LINES = 500


class MemberOfConsultation(msgspec.Struct, frozen=True):
    """An agent, or a team of which nobody has come yet."""

    id: UUID
    agent_id: UUID | None
    agent_name: str | None
    team_id: UUID | None
    team_name: str | None
    state: str


class ConsultationRow(msgspec.Struct, frozen=True):
    """`agent_id` has the ticket now; `said` is how many lines the discussion has."""

    id: UUID
    version: int
    ticket_id: UUID
    ticket_number: int
    subject: str
    ticket_status: str
    priority: int
    conversation_id: UUID | None
    contact_id: UUID
    contact_name: str
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    agent_name: str | None
    question: str
    war_room: bool
    asked_by: UUID
    asker_name: str | None
    asked_at: datetime
    state: str
    conclusion: str | None
    closed_by: UUID | None
    closer_name: str | None
    closed_at: datetime | None
    said: int
    members: list[MemberOfConsultation]


class ConsultationLine(msgspec.Struct, frozen=True):
    id: UUID
    author: UUID
    author_name: str | None
    text: str
    mentions: list[UUID]
    at: datetime


async def consultation_rows(tx: Tx, ids: Sequence[UUID]) -> list[ConsultationRow]:
    """In the order of `ids`."""
    if not ids:
        return []
    found = {row["id"]: _row(row) for row in await tx.fetch(SQL.consultations_by_id, list(ids))}
    return [found[each] for each in ids if each in found]


async def consultations_open(tx: Tx, viewer: Viewer, *, mine: bool) -> list[ConsultationRow]:
    """War rooms first, then who asked first."""
    rows = await tx.fetch(SQL.consultations_open, *scope_of(viewer), mine, _MOST)
    return await consultation_rows(tx, [row["id"] for row in rows])


async def consultations_of_tickets(tx: Tx, ticket_ids: Sequence[UUID]) -> list[ConsultationRow]:
    rows = await tx.fetch(SQL.consultations_of_tickets, list(ticket_ids))
    return await consultation_rows(tx, [row["id"] for row in rows])


async def consultation_lines(tx: Tx, consultation_id: UUID, after: UUID | None = None) -> list[ConsultationLine]:
    rows = await tx.fetch(SQL.consultation_lines, consultation_id, after, _MOST_LINES)
    return [ConsultationLine(*row.values()) for row in rows]


async def place_of_consultation(tx: Tx, consultation_id: UUID) -> tuple[UUID, Owner]:
    """Its ticket, and what decides who sees that."""
    row = await tx.fetchrow(SQL.consultation_place, consultation_id)
    if row is None:
        raise NotFound(f"consultation {consultation_id}")
    ticket_id, *owner = row.values()
    return ticket_id, Owner(*owner)


async def audience_of(tx: Tx, row: ConsultationRow) -> frozenset[UUID]:
    """Everybody whom it concerns: who asked, who has the ticket, who was asked and did not go, teams still asked."""
    taking = ("invited", "joined")
    agents = {m.agent_id for m in row.members if m.agent_id is not None and m.state in taking}
    teams = [m.team_id for m in row.members if m.agent_id is None and (m.state == "invited" or row.war_room)]
    agents |= {each["id"] for each in await tx.fetch(SQL.members_of_teams, teams)} if teams else set()
    return frozenset(each for each in {*agents, row.asked_by, row.agent_id} if each is not None)


async def guest_tickets(tx: Tx, agents: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Of each of these agents the tickets that he may read as one who is consulted, whatever his scope."""
    rows = await tx.fetch(SQL.guest_tickets, list(agents)) if agents else []
    return {a: frozenset(row["ticket_id"] for row in rows if row["agent_id"] == a) for a in agents}


def _row(row: Record) -> ConsultationRow:
    return msgspec.convert(dict(row), ConsultationRow)
