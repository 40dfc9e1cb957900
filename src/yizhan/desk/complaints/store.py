"""What is read to decide about complaints, and to show and prove them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import Forbidden, NotFound
from yizhan.foundation.ids import id_floor
from yizhan.records import rosters
from yizhan.records.agents import Viewer
from yizhan.records.rosters import ShiftKind

SQL = load_queries(__package__)


class Place(msgspec.Struct, frozen=True):
    """Where a ticket's notices belong."""

    id: UUID
    version: int
    number: int
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID
    safety: bool


class Dossier(msgspec.Struct, frozen=True):
    """What evidence is made of, as rows."""

    tickets: list[Record]
    messages: list[Record]
    notes: list[Record]
    journal: list[Record]
    identities: list[Record]
    promises: list[Record]
    orders: list[str]
    conversations: list[Record]
    promised: list[Record]
    consulted: list[Record]


async def concerned(tx: Tx, ticket_ids: Sequence[UUID]) -> list[UUID]:
    """Those that complain, tell of danger or have a complaint already."""
    return [row["id"] for row in await tx.fetch(SQL.concerned, ticket_ids)] if ticket_ids else []


async def place_of(tx: Tx, ticket_id: UUID) -> Place:
    row = await tx.fetchrow(SQL.scope_of, ticket_id)
    if row is None:
        raise NotFound(f"ticket {ticket_id}")
    return Place(*row.values())


async def role_of(tx: Tx, agent_id: UUID) -> str:
    role: str | None = await tx.fetchval(SQL.role_of, agent_id)
    if role is None:
        raise Forbidden("nobody who works here")
    return role


async def meant_by(tx: Tx, word: str, team_id: UUID | None, now: datetime) -> list[UUID]:
    """Who `duty`, `lead`, `role:…` or `team:…` is, whoever is there and has most room first."""
    kind, _, key = word.partition(":")
    if kind == "duty":
        return [d.agent_id for d in await rosters.on_duty(tx, now) if d.kind is ShiftKind.ON_CALL]
    if kind == "lead":
        return [row["id"] for row in await tx.fetch(SQL.leads_of, team_id)]
    if kind == "role":
        return [row["id"] for row in await tx.fetch(SQL.people_of_role, key)]
    if kind == "team":
        return [row["id"] for row in await tx.fetch(SQL.people_of_team, key)]
    return []


async def all_meant(tx: Tx, words: Iterable[str], team_id: UUID | None, now: datetime) -> list[UUID]:
    found: dict[UUID, None] = {}
    for word in words:
        found |= dict.fromkeys(await meant_by(tx, word, team_id, now))
    return list(found)


async def titles_bought(tx: Tx, contact_id: UUID, order_no: str | None, since: datetime) -> tuple[list[str], list[str]]:
    """Of the order of this number, and of all that the person ordered since then."""
    rows = [row for row in await tx.fetch(SQL.titles_bought, contact_id, order_no, since) if row["title"]]
    return [row["title"] for row in rows if row["asked"]], [row["title"] for row in rows if not row["asked"]]


async def first_contact(tx: Tx, ticket_ids: Collection[UUID], since: datetime) -> datetime | None:
    found: datetime | None = await tx.fetchval(SQL.first_contact, list(ticket_ids), since, id_floor(since))
    return found


async def is_consent(tx: Tx, message_id: UUID, ticket_ids: Collection[UUID], since: datetime) -> bool:
    return bool(await tx.fetchval(SQL.is_consent, message_id, list(ticket_ids), since))


async def open_page(
    tx: Tx, viewer: Viewer, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[UUID, UUID, datetime]]:
    """(ticket, complaint, due), by the clock that ends first."""
    scope = (viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids))
    rows = await tx.fetch(SQL.open_page, *scope, *(after or (None, None)), limit)
    return [(row["ticket_id"], row["id"], row["due_at"]) for row in rows]


async def names_of(tx: Tx, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = list({each for each in ids if each is not None})
    return {row["id"]: row["name"] for row in await tx.fetch(SQL.names_of, wanted)} if wanted else {}


async def everybody(tx: Tx) -> dict[UUID, str]:
    """What those are called who work here, or did."""
    return {row["id"]: row["name"] for row in await tx.fetch(SQL.everybody)}


async def dossier(tx: Tx, ticket_ids: Sequence[UUID], contact_id: UUID) -> Dossier:
    family = list(ticket_ids)
    return Dossier(
        list(await tx.fetch(SQL.dossier, family)), list(await tx.fetch(SQL.messages, family)),
        list(await tx.fetch(SQL.notes, family)), list(await tx.fetch(SQL.journal, family, contact_id)),
        list(await tx.fetch(SQL.identities, contact_id)), list(await tx.fetch(SQL.promises, family)),
        [row["order_no"] for row in await tx.fetch(SQL.orders_of, contact_id)],
        list(await tx.fetch(SQL.conversations, family)), list(await tx.fetch(SQL.promised, family)),
        list(await tx.fetch(SQL.consulted, family)),
    )  # fmt: skip
