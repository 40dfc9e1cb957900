"""The list of customers, page after page, and what the history of one comes to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.desk.customers import store
from yizhan.desk.customers.model import ANYBODY, CustomerPage, Figures, Sort, Wanted
from yizhan.desk.customers.store import Walk
from yizhan.foundation.db import Tx
from yizhan.records.agents import Viewer

_WALKS = (2_000, 8_000, 32_000)
"""How many rows are looked at for one page, further when the viewer may see none of the nearer ones."""


async def customers_page(
    tx: Tx, viewer: Viewer, sort: Sort, *, after: UUID | None, count: int, wanted: Wanted = ANYBODY
) -> CustomerPage:
    """The place is that of the row by which the last customer was found: a conversation's or a contact's."""
    walk = _walk(sort, wanted)
    found: list[tuple[UUID, UUID]] = []
    place = after
    for walked in _WALKS:
        floor = await store.floor_of(tx, walk, wanted, place, walked)
        found += await store.found(tx, viewer, walk, wanted, place, floor, count - len(found))
        place = found[-1][0] if len(found) == count else floor
        if found or place is None:
            break
    return CustomerPage(await store.rows(tx, viewer, [person for _, person in found]), place)


def _walk(sort: Sort, wanted: Wanted) -> Walk:
    """What is rare leads: those with a tag, else those of a level are found without a walk through all others."""
    if wanted.tag is not None:
        return Walk.TAGGED
    if wanted.level:
        return Walk.RANKED
    return Walk.RECENT if sort is Sort.RECENT else Walk.NEW


async def figures(tx: Tx, viewer: Viewer, person: UUID, zone: ZoneInfo, *, shown: Collection[UUID] = ()) -> Figures:
    """`shown`: the contacts of whose orders the money may be told, see desk/verification."""
    return await store.figures(tx, viewer, person, zone.key, shown)
