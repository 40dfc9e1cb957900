"""All SQL of the counter's screens. SELECT only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.counter.model import CounterAppointment, CounterVisit
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.appointments import Appointment

SQL = load_queries(__package__)
_MOST_A_DAY = 300
_MOST_OF_ONE = 20


class Reach(msgspec.Struct, frozen=True):
    """Where a customer is told of his appointment."""

    conversation_id: UUID
    channel: str
    live: bool
    contact_id: UUID
    locale: str | None
    phase: str


class Place(msgspec.Struct, frozen=True):
    contact_id: UUID
    ticket_id: UUID | None
    brand_id: UUID
    team_id: UUID | None


async def place(tx: Tx, conversation_id: UUID) -> Place:
    row = await tx.fetchrow(SQL.place, conversation_id)
    if row is None:
        raise NotFound(f"conversation {conversation_id}")
    return Place(*row.values())


async def reach(tx: Tx, conversation_id: UUID) -> Reach | None:
    row = await tx.fetchrow(SQL.reach, conversation_id)
    return Reach(*row.values()) if row else None


async def appointments(tx: Tx, ids: Sequence[UUID]) -> list[CounterAppointment]:
    """Whoever comes first first."""
    rows = await tx.fetch(SQL.appointments, list(ids)) if ids else []
    return [msgspec.convert(dict(row), CounterAppointment) for row in rows]


async def coming(tx: Tx, person: UUID, since: datetime, count: int) -> list[CounterAppointment]:
    return await appointments(tx, [row["id"] for row in await tx.fetch(SQL.coming, person, since, count)])


async def appointments_of(tx: Tx, contact_id: UUID) -> list[CounterAppointment]:
    """Of the whole person, the latest time first."""
    found = await appointments(tx, [row["id"] for row in await tx.fetch(SQL.of_person, contact_id, _MOST_OF_ONE)])
    return found[::-1]


async def due_here(tx: Tx, contact_id: UUID, shop: str, span: tuple[datetime, datetime]) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.due_here, contact_id, shop, *span)
    return found


async def visits_of_shop(tx: Tx, shop: str, span: tuple[datetime, datetime]) -> list[CounterVisit]:
    return [visit_of(row) for row in await tx.fetch(SQL.visits_of_shop, shop, *span, _MOST_A_DAY)]


async def identified(tx: Tx, blinds: Sequence[bytes]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.identified, list(blinds))]


async def buyers(tx: Tx, number: str) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.buyers, number)]


async def of_visitor(tx: Tx, identities: Sequence[UUID], count: int) -> list[CounterAppointment]:
    return await appointments(tx, [row["id"] for row in await tx.fetch(SQL.of_visitor, list(identities), count)])


async def keepers(tx: Tx, a: Appointment) -> list[UUID]:
    """The one who keeps its customer, else everybody of its team."""
    return [row["id"] for row in await tx.fetch(SQL.keepers, a.ticket_id, a.made_by, a.team_id)]


def visit_of(row: Record) -> CounterVisit:
    return CounterVisit(*row.values())
