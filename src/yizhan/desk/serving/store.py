"""What the verbs of serving read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from yizhan.desk.serving.policy import Line
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class Stray(NamedTuple):
    """What was said in one conversation for a ticket of somebody else; `said` are the customer's first words."""

    ticket_id: UUID
    person_id: UUID
    conversation_id: UUID
    contact_id: UUID
    messages: list[UUID]
    said: str


async def dialogue(tx: Tx, conversation_id: UUID) -> list[Line]:
    return [Line(row["direction"] == "out", row["text"]) for row in await tx.fetch(SQL.dialogue, conversation_id)]


async def same_person(tx: Tx, ticket_id: UUID, contact_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.same_person, ticket_id, contact_id))


async def spoken_in(tx: Tx, ticket_id: UUID) -> list[UUID]:
    return [row["conversation_id"] for row in await tx.fetch(SQL.spoken_in, ticket_id)]


async def is_open(tx: Tx, ticket_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.is_open, ticket_id))


async def took_in(tx: Tx, ticket_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.took_in, ticket_id))


async def ticket_type(tx: Tx, ticket_id: UUID) -> str:
    return str(await tx.fetchval(SQL.ticket_type, ticket_id) or "other")


async def merged_across(tx: Tx, contacts: Sequence[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.merged_across, contacts)]


async def strays(tx: Tx, contacts: Sequence[UUID]) -> list[Stray]:
    """By ticket and person."""
    return [Stray(*row.values()) for row in await tx.fetch(SQL.strays, contacts)]
