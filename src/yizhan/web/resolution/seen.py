"""Whose pairs somebody may look at: who sees one of both may compare them, and the other is shown masked."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk import views
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Scope, Viewer


async def one_seen(tx: Tx, viewer: Viewer, one: UUID, other: UUID) -> bool:
    return (
        viewer.scope is Scope.ALL or await views.contact_seen(tx, viewer, one)
        or await views.contact_seen(tx, viewer, other)
    )  # fmt: skip


async def ensure_one_seen(tx: Tx, viewer: Viewer, one: UUID, other: UUID) -> None:
    if not await one_seen(tx, viewer, one, other):
        raise NotFound(f"contact {one}")
