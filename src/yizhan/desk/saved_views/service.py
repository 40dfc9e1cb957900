"""Keeping views, reading what they select, and their numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.saved_views import policy, store
from yizhan.desk.saved_views.model import MOST, SavedView, Selection
from yizhan.desk.views import TicketRow
from yizhan.foundation.db import PostgresError, Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.agents import Permission, Viewer

_PASS = 10_000
_PATIENCE = timedelta(seconds=3)
_CANCELLED = "57014"


async def views_of(tx: Tx, viewer: Viewer) -> list[SavedView]:
    """In the order in which somebody has them; those he never ordered stand behind, by name."""
    order = {view_id: at for at, view_id in enumerate((await store.order_of(tx, viewer.agent_id)).ids)}
    return sorted(await store.views_of(tx, viewer), key=lambda view: order.get(view.id, len(order)))


async def page(tx: Tx, viewer: Viewer, wanted: Selection, *, now: datetime) -> list[TicketRow]:
    holds, params = policy.selecting(wanted.base, wanted.when, store.PAGE_PARAMETERS + 1, now)
    await store.patience(tx, _PATIENCE)
    try:
        ids = await store.page(tx, viewer, holds, params, wanted.after, wanted.limit)
    except PostgresError as error:
        if getattr(error, "sqlstate", "") != _CANCELLED:
            raise
        raise Invalid("this takes longer than 3 seconds to find: ask for more in this view", "when") from None
    return await views.ticket_rows(tx, ids)


async def counts(tx: Tx, viewer: Viewer, *, now: datetime) -> dict[UUID, int | None]:
    """Of all views of somebody in one pass over the unfinished tickets; None: it has no number."""
    kept = await store.views_of(tx, viewer)
    if not kept:
        return {}
    numbers, params = policy.counting(kept, store.COUNT_PARAMETERS + 1, now)
    found = await store.counts(tx, viewer, numbers, params, _PASS)
    return {view.id: policy.shown(view, number) for view, number in zip(kept, found, strict=True)}


async def keep(tx: Tx, viewer: Viewer, view: SavedView, *, now: datetime) -> SavedView:
    """Version 0 is a new one. Refused where the condition cannot hold, or somebody else was quicker."""
    policy.check(view.when)
    if view.team_id is not None and view.team_id not in viewer.team_ids:
        raise Forbidden("a view is shared with a team of one's own")
    if view.version == 0:
        if await store.kept_by(tx, viewer.agent_id) >= MOST:
            raise Invalid(f"no more than {MOST} views: remove one first", "name")
        view = SavedView(
            new_id(now), viewer.agent_id, view.owner_name, view.team_id, view.name, view.base, view.when, 1
        )
        await store.add(tx, view)
    else:
        _ensure_keeper(viewer, await store.seen_view(tx, viewer, view.id))
        if not await store.change(tx, view):
            raise Conflict("somebody else changed this view meanwhile: open it again")
    await _tell(tx, "view.kept", view.id, view.version, view.team_id, viewer, now)
    return await store.seen_view(tx, viewer, view.id)


async def drop(tx: Tx, viewer: Viewer, view_id: UUID, *, now: datetime) -> None:
    view = await store.seen_view(tx, viewer, view_id)
    _ensure_keeper(viewer, view)
    await store.drop(tx, view_id)
    await _tell(tx, "view.removed", view_id, view.version + 1, view.team_id, viewer, now)


def _ensure_keeper(viewer: Viewer, view: SavedView) -> None:
    """Who supervises may put the views of his teams in order."""
    if view.owner_id != viewer.agent_id and not viewer.may(Permission.SUPERVISE):
        raise Forbidden("only who made a view changes it; keep one of your own instead")


async def _tell(
    tx: Tx, kind: str, view_id: UUID, version: int, team_id: UUID | None, viewer: Viewer, now: datetime
) -> None:
    await emit(tx, [Event(
        kind=kind, subject=view_id, subject_version=version, at=now, actor=viewer.actor, team_id=team_id,
        agent_id=viewer.agent_id, data={},
    )])  # fmt: skip
