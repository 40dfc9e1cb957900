"""The list of customers, page after page, and what the history of one comes to."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.desk.customers import store
from yizhan.desk.customers.model import CustomerPage, Figures, Sort
from yizhan.foundation.db import Tx
from yizhan.records.agents import Viewer

_WALKS = (2_000, 8_000, 32_000)
"""How many rows are looked at for one page, further when the viewer may see none of the nearer ones."""


async def customers_page(tx: Tx, viewer: Viewer, sort: Sort, *, after: UUID | None, count: int) -> CustomerPage:
    """The place is the conversation's or the contact's by which the last row was found."""
    walk, floor_of = (store.recent, store.recent_floor) if sort is Sort.RECENT else (store.new, store.new_floor)
    found: list[tuple[UUID, UUID]] = []
    place = after
    for walked in _WALKS:
        found = await walk(tx, viewer, place, walked, count)
        if len(found) == count:
            place = found[-1][0]
            break
        place = await floor_of(tx, place, walked)
        if found or place is None:
            break
    return CustomerPage(await store.rows(tx, viewer, [person for _, person in found]), place)


async def figures(tx: Tx, viewer: Viewer, person: UUID, zone: ZoneInfo) -> Figures:
    return await store.figures(tx, viewer, person, zone.key)
