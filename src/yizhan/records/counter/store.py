"""All SQL of the counter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.counter.model import Encounter, MemberCode, NewEncounter, NewVisit, ShopVisit

SQL = load_queries(__package__)


async def add_code(tx: Tx, shown: MemberCode) -> bool:
    await tx.execute(SQL.drop_unused, shown.contact_id, shown.identity_id)
    return await tx.fetchval(
        SQL.add_code, shown.code, shown.identity_id, shown.contact_id, shown.signed_in, shown.shown_at, shown.expires_at
    ) is not None  # fmt: skip


async def lock_code(tx: Tx, code: bytes, now: datetime) -> MemberCode | None:
    row = await tx.fetchrow(SQL.lock_code, code, now)
    return msgspec.convert(dict(row), MemberCode) if row else None


async def spend_code(tx: Tx, code: bytes, encounter_id: UUID) -> None:
    await tx.execute(SQL.spend_code, code, encounter_id)


async def forget_codes(tx: Tx, before: datetime, count: int) -> int:
    return len(await tx.fetch(SQL.forget_codes, before, count))


async def add_encounter(tx: Tx, id: UUID, new: NewEncounter, now: datetime) -> None:
    await tx.execute(
        SQL.add_encounter, id, new.shop, new.contact_id, new.agent_id, new.how, new.verified, new.appointment_id, now,
        new.until,
    )  # fmt: skip


async def encounter(tx: Tx, id: UUID) -> Encounter:
    row = await tx.fetchrow(SQL.encounter, id)
    if row is None:
        raise NotFound(f"encounter {id}")
    return msgspec.convert(dict(row), Encounter)


async def add_visit(tx: Tx, id: UUID, of: Encounter, new: NewVisit, now: datetime) -> ShopVisit:
    kept = of.appointment_id or new.appointment_id
    row = await tx.fetchrow(
        SQL.add_visit, id, of.shop, of.contact_id, of.agent_id, of.id, kept, new.ticket_id, new.purpose.strip(),
        new.note.strip(), now,
    )  # fmt: skip
    assert row is not None
    return _visit(row)


async def visit_of_encounter(tx: Tx, encounter_id: UUID) -> ShopVisit | None:
    row = await tx.fetchrow(SQL.visit_of_encounter, encounter_id)
    return _visit(row) if row else None


async def visits_of_shop(tx: Tx, shop: str, since: datetime, count: int) -> list[ShopVisit]:
    return [_visit(row) for row in await tx.fetch(SQL.visits_of_shop, shop, since, count)]


def _visit(row: Record) -> ShopVisit:
    return msgspec.convert(dict(row), ShopVisit)
