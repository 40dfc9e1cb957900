"""Members as a page of customers: those whom somebody may see, and who have what he asks for besides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk import customers, segments
from yizhan.desk.customers import ANYBODY, CustomerPage, Wanted
from yizhan.foundation.db import Tx
from yizhan.records.agents import Scope, Viewer

_WALKS = 20
"""How many pages are looked through for one that has few of those who are asked for."""


async def members_page(
    tx: Tx, viewer: Viewer, segment: str, *, after: UUID | None, count: int, wanted: Wanted = ANYBODY
) -> CustomerPage:
    """The newest customer first. A page may be short and yet not be the last."""
    found: list[UUID] = []
    place = after
    for _ in range(_WALKS):
        page = await segments.members(tx, segment, place, count)
        place = page[-1] if len(page) == count else None
        found += await seen_of(tx, viewer, page, wanted)
        if place is None or len(found) >= count:
            break
    return CustomerPage(await customers.rows(tx, viewer, found), place)


async def seen_of(tx: Tx, viewer: Viewer, persons: Sequence[UUID], wanted: Wanted = ANYBODY) -> list[UUID]:
    if viewer.scope is Scope.ALL and wanted == ANYBODY:
        return list(persons)
    may = await customers.seen(tx, viewer, persons, wanted)
    return [each for each in persons if each in may]
