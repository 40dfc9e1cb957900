"""All SQL of views. What a condition says is put into two queries by the compiler of conditions, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.saved_views.model import Among, SavedView, ViewOrder
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Viewer

SQL = load_queries(__package__)

_HOLDS, _NUMBERS = "true IS NOT FALSE", "'{}'::int[]"
PAGE_PARAMETERS, COUNT_PARAMETERS = 7, 5


async def page(
    tx: Tx, viewer: Viewer, holds: str, params: Sequence[object], after: tuple[datetime, UUID] | None, count: int
) -> list[UUID]:
    """`holds` is compiled with parameters behind those of the query."""
    said = SQL.page.replace(_HOLDS, holds, 1)
    rows = await tx.fetch(said, *_scope(viewer), *(after or (None, None)), count, *params)
    return [row["id"] for row in rows]


async def counts(tx: Tx, viewer: Viewer, numbers: str, params: Sequence[object], most: int) -> list[int]:
    found: list[int] = await tx.fetchval(SQL.counts.replace(_NUMBERS, numbers, 1), *_scope(viewer), most, *params)
    return found


async def patience(tx: Tx, span: timedelta) -> None:
    await tx.execute(SQL.patience, str(int(span.total_seconds() * 1000)))


async def views_of(tx: Tx, viewer: Viewer) -> list[SavedView]:
    return [_view(row) for row in await tx.fetch(SQL.views_of, viewer.agent_id, list(viewer.team_ids))]


async def seen_view(tx: Tx, viewer: Viewer, view_id: UUID) -> SavedView:
    row = await tx.fetchrow(SQL.seen_view, view_id, viewer.agent_id, list(viewer.team_ids))
    if row is None:
        raise NotFound(f"view {view_id}")
    return _view(row)


async def kept_by(tx: Tx, agent_id: UUID) -> int:
    found: int = await tx.fetchval(SQL.kept_by, agent_id)
    return found


async def add(tx: Tx, view: SavedView) -> None:
    await tx.execute(SQL.add, view.id, view.owner_id, view.team_id, view.name, view.base, view.when)


async def change(tx: Tx, view: SavedView) -> bool:
    """False: somebody else changed it since `view.version`."""
    said = await tx.fetchval(SQL.change, view.id, view.version, view.team_id, view.name, view.base, view.when)
    return said is not None


async def drop(tx: Tx, view_id: UUID) -> None:
    await tx.execute(SQL.drop, view_id)


async def order_of(tx: Tx, agent_id: UUID) -> ViewOrder:
    row = await tx.fetchrow(SQL.order_of, agent_id)
    return ViewOrder() if row is None else ViewOrder(tuple(row["ids"]), row["opens"])


async def put_order(tx: Tx, agent_id: UUID, order: ViewOrder) -> None:
    await tx.execute(SQL.put_order, agent_id, list(order.ids), order.opens)


def _scope(viewer: Viewer) -> tuple[str, UUID, list[UUID], list[UUID]]:
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)


def _view(row: Record) -> SavedView:
    return SavedView(
        row["id"], row["agent_id"], row["owner_name"], row["team_id"], row["name"], Among(row["base"]), row["tree"],
        row["version"],
    )  # fmt: skip
