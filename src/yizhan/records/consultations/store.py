"""All SQL of consultations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.consultations.model import Consultation, Invitation, Line, MemberState, NewConsultation

SQL = load_queries(__package__)
_MOST_LINES = 500


async def add(tx: Tx, consultation_id: UUID, new: NewConsultation, now: datetime) -> None:
    await tx.execute(
        SQL.add, consultation_id, new.ticket_id, new.conversation_id, new.contact_id, new.brand_id, new.team_id,
        new.question, new.war_room, new.asked_by, now,
    )  # fmt: skip


async def lock_consultation(tx: Tx, consultation_id: UUID) -> Consultation:
    row = await tx.fetchrow(SQL.lock, consultation_id)
    if row is None:
        raise NotFound(f"consultation {consultation_id}")
    return msgspec.convert(dict(row), Consultation)


async def members_of(tx: Tx, consultation_id: UUID) -> list[Invitation]:
    return [msgspec.convert(dict(row), Invitation) for row in await tx.fetch(SQL.members, consultation_id)]


async def lines_of(tx: Tx, consultation_id: UUID, *, after: UUID | None = None) -> list[Line]:
    rows = await tx.fetch(SQL.lines, consultation_id, after, _MOST_LINES)
    return [msgspec.convert(dict(row), Line) for row in rows]


async def invite(
    tx: Tx, consultation_id: UUID, agents: Sequence[UUID], teams: Sequence[UUID], by: UUID, now: datetime
) -> None:
    await tx.fetch(SQL.ask_again, consultation_id, list(agents), list(teams), by, now)
    asked: list[tuple[UUID | None, UUID | None]] = [*((a, None) for a in agents), *((None, t) for t in teams)]
    await tx.execute(
        SQL.invite, [new_id(now) for _ in asked], consultation_id, [a for a, _ in asked], [t for _, t in asked], by, now
    )


async def join(tx: Tx, consultation_id: UUID, agent_id: UUID, team_id: UUID | None, now: datetime) -> UUID:
    member = new_id(now)
    await tx.execute(SQL.join, member, consultation_id, agent_id, team_id, now)
    return member


async def answer(tx: Tx, member_id: UUID, state: MemberState, now: datetime) -> None:
    await tx.execute(SQL.answer, member_id, state, now)


async def add_line(
    tx: Tx, consultation_id: UUID, author: UUID, text: str, mentions: Sequence[UUID], client_id: str | None,
    now: datetime,
) -> UUID | None:  # fmt: skip
    """None when it was told before."""
    made: UUID | None = await tx.fetchval(
        SQL.add_line, new_id(now), consultation_id, author, text, list(mentions), client_id, now
    )
    return made


async def touch(tx: Tx, consultation_id: UUID, lines: int = 0) -> int:
    return int(await tx.fetchval(SQL.touch, consultation_id, lines))


async def close(tx: Tx, consultation_id: UUID, conclusion: str, by: UUID, now: datetime) -> int:
    return int(await tx.fetchval(SQL.close, consultation_id, conclusion, by, now))


async def held_open(tx: Tx, conversation_id: UUID | None, ticket_id: UUID | None) -> bool:
    """Whether colleagues are being consulted: nothing ends by silence meanwhile."""
    return bool(await tx.fetchval(SQL.held_open, conversation_id, ticket_id))


async def invited(tx: Tx, ticket_id: UUID, agent_id: UUID, teams: Sequence[UUID]) -> bool:
    """He may read the ticket as long as the consultation is open, whatever his scope."""
    return bool(await tx.fetchval(SQL.invited, ticket_id, agent_id, list(teams)))
