"""Promises 承诺 as screens show them: what is owed, what became of it, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.views.store import SQL, Owner
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Viewer

_MOST = 200


class PromiseRow(msgspec.Struct, frozen=True):
    """`agent_id` has the ticket now and keeps what `made_by` promised; owed while `settled_at` is null."""

    id: UUID
    version: int
    ticket_id: UUID
    ticket_number: int
    subject: str
    ticket_status: str
    conversation_id: UUID | None
    contact_id: UUID
    contact_name: str
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    agent_name: str | None
    made_by: UUID
    maker_name: str | None
    made_at: datetime
    text: str
    kind: str
    due: datetime
    state: str
    settled_at: datetime | None
    reason: str | None


class PromiseFigures(msgspec.Struct, frozen=True):
    """An agent's promises of a span; `late` ones were late, whether they were kept afterwards or not."""

    agent_id: UUID
    name: str
    made: int
    kept: int
    late: int
    open: int
    withdrawn: int


async def promise_rows(tx: Tx, ids: Sequence[UUID]) -> list[PromiseRow]:
    """In the order of `ids`."""
    if not ids:
        return []
    found = {row["id"]: PromiseRow(*row.values()) for row in await tx.fetch(SQL.promises_by_id, list(ids))}
    return [found[each] for each in ids if each in found]


async def promises_owed(tx: Tx, viewer: Viewer, *, mine: bool) -> list[PromiseRow]:
    rows = await tx.fetch(SQL.promises_owed, *scope_of(viewer), mine, _MOST)
    return await promise_rows(tx, [row["id"] for row in rows])


async def promises_of_tickets(tx: Tx, ticket_ids: Sequence[UUID]) -> list[PromiseRow]:
    rows = await tx.fetch(SQL.promises_of_tickets, list(ticket_ids), 50)
    return await promise_rows(tx, [row["id"] for row in rows])


async def promises_of_person(tx: Tx, contact_id: UUID) -> list[PromiseRow]:
    rows = await tx.fetch(SQL.promises_of_person, contact_id, 10)
    return await promise_rows(tx, [row["id"] for row in rows])


async def owner_of_promise(tx: Tx, promise_id: UUID) -> Owner:
    row = await tx.fetchrow(SQL.promise_scope, promise_id)
    if row is None:
        raise NotFound(f"promise {promise_id}")
    return Owner(*row.values())


async def promise_report(tx: Tx, viewer: Viewer, start: datetime, end: datetime) -> list[PromiseFigures]:
    """Of the agents whose work one sees."""
    return [PromiseFigures(*row.values()) for row in await tx.fetch(SQL.promise_report, *scope_of(viewer), start, end)]


async def promises_made(tx: Tx, agent_id: UUID, start: datetime, end: datetime) -> list[PromiseRow]:
    """What lies behind 承诺履约率, what drags it down first."""
    rows = await tx.fetch(SQL.promises_made, agent_id, start, end, _MOST)
    return await promise_rows(tx, [row["id"] for row in rows])


def scope_of(viewer: Viewer) -> tuple[str, UUID, list[UUID], list[UUID]]:
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)
