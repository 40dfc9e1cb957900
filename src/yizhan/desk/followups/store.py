"""What is read to know who has to come back to a ticket."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class Place(msgspec.Struct, frozen=True):
    """Where a ticket's notices belong."""

    id: UUID
    version: int
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID
    leads: list[UUID]


class Said(msgspec.Struct, frozen=True):
    """A customer's words, and what decides whether they count as a chase."""

    message_id: UUID
    ticket_id: UUID
    text: str
    created_at: datetime
    chased_at: datetime | None


class Mention(msgspec.Struct, frozen=True):
    message_id: UUID
    ticket_id: UUID
    author: str
    agents: list[UUID]


async def words_of(tx: Tx, messages: Collection[UUID]) -> list[Said]:
    """Of messages that are nothing but words."""
    return [Said(*row.values()) for row in await tx.fetch(SQL.words_of, list(messages))] if messages else []


async def waiting_for_customers(tx: Tx, tickets: Collection[UUID]) -> set[UUID]:
    return {row["id"] for row in await tx.fetch(SQL.waiting_for_customers, list(tickets))} if tickets else set()


async def mentions_of(tx: Tx, messages: Collection[UUID]) -> list[Mention]:
    """Only of people who work here."""
    rows = await tx.fetch(SQL.mentions_of, list(messages)) if messages else []
    named = {UUID(each) for row in rows for each in row["mentions"]}
    known = {row["id"] for row in await tx.fetch(SQL.known_agents, list(named))} if named else set()
    return [
        Mention(row["id"], row["ticket_id"], row["author"], [UUID(m) for m in row["mentions"] if UUID(m) in known])
        for row in rows
    ]


async def watched(tx: Tx, tickets: Collection[UUID]) -> dict[UUID, list[UUID]]:
    return {row["ticket_id"]: row["agents"] for row in await tx.fetch(SQL.watched, list(tickets))} if tickets else {}


async def owned_by_others(tx: Tx, tickets: Collection[UUID]) -> dict[UUID, UUID]:
    """责任人 by ticket, where another one is 处理人."""
    rows = await tx.fetch(SQL.owned_by_others, list(tickets)) if tickets else []
    return {row["id"]: row["owner_id"] for row in rows}


async def places(tx: Tx, tickets: Collection[UUID]) -> dict[UUID, Place]:
    return {row["id"]: Place(*row.values()) for row in await tx.fetch(SQL.scope_of, list(tickets))} if tickets else {}
