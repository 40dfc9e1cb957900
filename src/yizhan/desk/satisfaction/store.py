"""What is read to ask for a rating, and to follow a low one up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.satisfaction.policy import Spell
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class Place(msgspec.Struct, frozen=True):
    """Those who may ask what went wrong, the best first in each list."""

    ticket_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    leads: list[UUID]
    others: list[UUID]
    supervisors: list[UUID]


async def spells(tx: Tx, conversations: Sequence[UUID], now: datetime) -> list[Spell]:
    """As they stand once nobody else decides about the same persons; held until the transaction ends."""
    await tx.fetch(SQL.hold_persons, list(conversations))
    rows = await tx.fetch(SQL.spells, list(conversations), now)
    return [msgspec.convert(dict(row), Spell) for row in rows]


async def turns(tx: Tx, conversation_id: UUID) -> list[tuple[UUID, int]]:
    return [(row["agent_id"], row["turns"]) for row in await tx.fetch(SQL.turns, conversation_id)]


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket that is done, and where its customer is reached."""

    id: UUID
    version: int
    number: int
    subject: str
    created_at: datetime
    closed_at: datetime
    contact_id: UUID
    person_id: UUID
    locale: str | None
    brand_id: UUID
    team_id: UUID | None
    owner_id: UUID | None
    agent_id: UUID | None
    conversation_id: UUID
    channel: str
    inbox_id: UUID
    live: bool
    asked: bool
    answered: bool


async def long_done(tx: Tx, tickets: Sequence[UUID]) -> list[Matter]:
    return [msgspec.convert(dict(row), Matter) for row in await tx.fetch(SQL.long_done, list(tickets))]


async def stance(tx: Tx, person_id: UUID, now: datetime) -> tuple[datetime | None, bool]:
    """When he was last asked anything, and whether he is limited; held until the transaction ends."""
    await tx.fetch(SQL.hold_person, person_id)
    row = await tx.fetchrow(SQL.stance, person_id, now)
    assert row is not None, "an aggregate has a row"
    return row["last_asked"], row["limited"]


async def place(tx: Tx, conversation_id: UUID) -> Place:
    row = await tx.fetchrow(SQL.place, conversation_id)
    assert row is not None, "a rated conversation is there"
    return Place(*row.values())
