"""All SQL of the list and the search of customers, and of their figures. SELECT only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.customers.model import CustomerRow, Figures
from yizhan.foundation.db import Tx, load_queries
from yizhan.records.agents import Scope, Viewer

SQL = load_queries(__package__)


def own_of(viewer: Viewer) -> UUID | None:
    """Who sees his own work alone counts only that; who serves a customer reads the whole story."""
    return viewer.agent_id if viewer.scope is Scope.OWN else None


async def recent(tx: Tx, viewer: Viewer, before: UUID | None, walked: int, count: int) -> list[tuple[UUID, UUID]]:
    """(conversation, person) among the newest so many conversations below `before`."""
    floor = await tx.fetchval(SQL.recent_floor, before, walked)
    rows = await tx.fetch(SQL.recent, *_scope(viewer), before, floor, count)
    return [(row["id"], row["person_id"]) for row in rows]


async def recent_floor(tx: Tx, before: UUID | None, walked: int) -> UUID | None:
    floor: UUID | None = await tx.fetchval(SQL.recent_floor, before, walked)
    return floor


async def new(tx: Tx, viewer: Viewer, before: UUID | None, walked: int, count: int) -> list[tuple[UUID, UUID]]:
    """(contact, person) among the newest so many contacts below `before`."""
    floor = await tx.fetchval(SQL.new_floor, before, walked)
    rows = await tx.fetch(SQL.new, *_scope(viewer), before, floor, count)
    return [(row["id"], row["person_id"]) for row in rows]


async def new_floor(tx: Tx, before: UUID | None, walked: int) -> UUID | None:
    floor: UUID | None = await tx.fetchval(SQL.new_floor, before, walked)
    return floor


async def seen(tx: Tx, viewer: Viewer, persons: Sequence[UUID]) -> set[UUID]:
    scope, *rest = _scope(viewer)
    return {row["id"] for row in await tx.fetch(SQL.seen, persons, *rest, scope)} if persons else set()


async def persons_of(tx: Tx, contacts: Sequence[UUID]) -> list[UUID]:
    """In the order of their contacts, each once."""
    heads = {row["id"]: row["person_id"] for row in await tx.fetch(SQL.persons_of, contacts)} if contacts else {}
    return list(dict.fromkeys(heads[each] for each in contacts if each in heads))


async def inboxes(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.inboxes)]


async def identified(tx: Tx, blinds: Sequence[bytes]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.identified, blinds)]


async def claiming(tx: Tx, blinds: Sequence[bytes]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.claiming, blinds)]


async def buyers(tx: Tx, number: str) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.buyers, number)]


async def ticket_holder(tx: Tx, number: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.ticket_holder, number)]


async def named(tx: Tx, query: str, before: UUID | None, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.named, query, before, count)]


async def rows(tx: Tx, viewer: Viewer, persons: Sequence[UUID]) -> list[CustomerRow]:
    """In the order of `persons`."""
    if not persons:
        return []
    found = {row["id"]: CustomerRow(*row.values()) for row in await tx.fetch(SQL.rows, persons, own_of(viewer))}
    return [found[each] for each in persons if each in found]


async def figures(tx: Tx, viewer: Viewer, person: UUID, zone: str) -> Figures:
    row = await tx.fetchrow(SQL.figures, person, own_of(viewer), zone)
    assert row is not None
    return msgspec.convert(dict(row), Figures)


async def cards(tx: Tx, person: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    return [(row["id"], row["fields"]) for row in await tx.fetch(SQL.cards, person)]


def _scope(viewer: Viewer) -> tuple[str, UUID, list[UUID], list[UUID]]:
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)
