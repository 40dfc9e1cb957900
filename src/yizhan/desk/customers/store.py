"""All SQL of the list and the search of customers, and of their figures. SELECT only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.customers.model import CustomerRow, Figures, Wanted
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.records.agents import Scope, Viewer

SQL = load_queries(__package__)


def own_of(viewer: Viewer) -> UUID | None:
    """Who sees his own work alone counts only that; who serves a customer counts the whole story."""
    return viewer.agent_id if viewer.scope is Scope.OWN else None


class Walk(StrEnum):
    """What is walked along for a page: the order of its rows, and how they are found."""

    RECENT = "recent"
    NEW = "new"
    TAGGED = "tagged"
    RANKED = "ranked"


_PAGES = {Walk.RECENT: SQL.recent, Walk.NEW: SQL.new, Walk.TAGGED: SQL.tagged, Walk.RANKED: SQL.ranked}
_FLOORS = {
    Walk.RECENT: SQL.recent_floor, Walk.NEW: SQL.new_floor, Walk.TAGGED: SQL.tagged_floor,
    Walk.RANKED: SQL.ranked_floor,
}  # fmt: skip


async def floor_of(tx: Tx, walk: Walk, wanted: Wanted, before: UUID | None, walked: int) -> UUID | None:
    """The last of so many rows below `before`."""
    by: dict[Walk, tuple[object, ...]] = {Walk.TAGGED: (wanted.tag,), Walk.RANKED: (wanted.level,)}
    floor: UUID | None = await tx.fetchval(_FLOORS[walk], before, walked, *by.get(walk, ()))
    return floor


async def found(
    tx: Tx, viewer: Viewer, walk: Walk, wanted: Wanted, before: UUID | None, floor: UUID | None, count: int
) -> list[tuple[UUID, UUID]]:
    """(row walked along, person) between `before` and `floor`."""
    rows = await tx.fetch(_PAGES[walk], *scope_of(viewer), before, floor, count, *msgspec.structs.astuple(wanted))
    return [(row["id"], row["person_id"]) for row in rows]


async def seen(tx: Tx, viewer: Viewer, persons: Sequence[UUID], wanted: Wanted) -> set[UUID]:
    scope, *rest = scope_of(viewer)
    asked = msgspec.structs.astuple(wanted)
    return {row["id"] for row in await tx.fetch(SQL.seen, persons, *rest, scope, *asked)} if persons else set()


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


async def labelled(tx: Tx, tag: str, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.labelled, tag, count)]


async def named(tx: Tx, query: str, before: UUID | None, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.named, query, before, count)]


async def rows(tx: Tx, viewer: Viewer, persons: Sequence[UUID]) -> list[CustomerRow]:
    """In the order of `persons`."""
    if not persons:
        return []
    found = {row["id"]: CustomerRow(*row.values()) for row in await tx.fetch(SQL.rows, persons, own_of(viewer))}
    return [found[each] for each in persons if each in found]


async def figures(tx: Tx, viewer: Viewer, person: UUID, zone: str, shown: Collection[UUID]) -> Figures:
    row = await tx.fetchrow(SQL.figures, person, own_of(viewer), zone, list(shown))
    assert row is not None
    return msgspec.convert(dict(row), Figures)


async def heads_after(tx: Tx, viewer: Viewer, after: UUID, count: int) -> list[UUID]:
    """The next people whom the viewer may see, by the first contact of each."""
    return [row["id"] for row in await tx.fetch(SQL.heads_after, *scope_of(viewer), after, count)]


async def cards_of(tx: Tx, persons: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.cards_of, persons))


async def identities_of(tx: Tx, contacts: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.identities_of, contacts))


async def cards(tx: Tx, person: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    return [(row["id"], row["fields"]) for row in await tx.fetch(SQL.cards, person)]


def scope_of(viewer: Viewer) -> tuple[str, UUID, list[UUID], list[UUID]]:
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)
