"""All SQL of appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.appointments.model import Appointment, AppointmentState, NewAppointment

SQL = load_queries(__package__)
_MOST_A_DAY = 500
_MOST_OF_ONE = 20


async def add(tx: Tx, id: UUID, new: NewAppointment, now: datetime) -> None:
    await tx.execute(
        SQL.add, id, new.shop, new.contact_id, new.conversation_id, new.ticket_id, new.brand_id, new.team_id,
        new.made_by, now, new.starts_at, new.purpose.strip(), new.note.strip(),
    )  # fmt: skip


async def lock_appointment(tx: Tx, id: UUID) -> Appointment:
    row = await tx.fetchrow(SQL.lock, id)
    if row is None:
        raise NotFound(f"appointment {id}")
    return _read(row)


async def appointments_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Appointment]:
    return [_read(row) for row in await tx.fetch(SQL.by_id, list(ids))] if ids else []


async def of_shop(tx: Tx, shop: str, from_at: datetime, to_at: datetime) -> list[Appointment]:
    """Whoever comes first comes first; also those who were given up or cancelled."""
    return [_read(row) for row in await tx.fetch(SQL.of_shop, shop, from_at, to_at, _MOST_A_DAY)]


async def of_conversations(tx: Tx, conversations: Sequence[UUID]) -> list[Appointment]:
    return [_read(row) for row in await tx.fetch(SQL.of_conversations, list(conversations), _MOST_OF_ONE)]


async def booked_between(
    tx: Tx, contact_id: UUID, shop: str, from_at: datetime, to_at: datetime, *, but: UUID | None = None
) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.booked_between, contact_id, shop, from_at, to_at, but)
    return found


async def take_slot(tx: Tx, shop: str, starts_at: datetime, most: int) -> bool:
    """Two who want the last place at once: one of them gets it."""
    return await tx.fetchval(SQL.take_slot, shop, starts_at, most) is not None


async def hold_slots(tx: Tx, *slots: tuple[str, datetime]) -> None:
    await tx.execute(SQL.hold_slots, [shop for shop, _ in slots], [at for _, at in slots])


async def free_slot(tx: Tx, shop: str, starts_at: datetime) -> None:
    await tx.execute(SQL.free_slot, shop, starts_at)


async def taken(tx: Tx, shop: str, from_at: datetime, to_at: datetime) -> dict[datetime, int]:
    return {row["starts_at"]: row["taken"] for row in await tx.fetch(SQL.taken, shop, from_at, to_at)}


async def settle(tx: Tx, id: UUID, state: AppointmentState, at: datetime, by: str, reason: str | None = None) -> int:
    return int(await tx.fetchval(SQL.settle, id, state, at, by, reason))


async def move(tx: Tx, id: UUID, shop: str, starts_at: datetime) -> int:
    return int(await tx.fetchval(SQL.move, id, shop, starts_at))


def _read(row: Record) -> Appointment:
    return msgspec.convert(dict(row), Appointment)
