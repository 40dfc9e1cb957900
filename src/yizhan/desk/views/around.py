"""What stands around a ticket: who watches it, what it is linked to, its sub-tasks, and all that happened to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.views.model import Author, TicketRow
from yizhan.desk.views.scope import sees
from yizhan.desk.views.store import SQL, ticket_rows, with_merged
from yizhan.foundation.db import Record, Tx
from yizhan.records.agents import Viewer

IDLE = timedelta(hours=24)
"""After so long without a touch a ticket 处理中 is a 僵尸单."""

TRACED = (
    "consultation.asked", "conversation.assigned", "conversation.ended", "conversation.rated",
    "conversation.requeued", "conversation.separated", "conversation.unsurveyed", "evidence.downloaded",
    "evidence.packed",
    "notice.acknowledged", "notice.raised", "offer.made", "promise.kept", "promise.late", "promise.made",
    "promise.withdrawn", "sla.breached", "sla.met", "sla.paused", "sla.resumed", "sla.started", "sla.warned",
    "ticket.created", "ticket.revealed", "ticket.split", "work.ready",
)  # fmt: skip
"""Events that leave no processing note of their own."""


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Person(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class LinkRow(msgspec.Struct, frozen=True):
    """`out`: the ticket asked about is the one that relates to, duplicates or causes `ticket`."""

    id: UUID
    kind: str
    out: bool
    ticket: TicketRow


class Around(msgspec.Struct, frozen=True):
    """`merged` are those that were merged into it, `into` the one that it was merged into."""

    watchers: list[Person]
    links: list[LinkRow]
    parent: TicketRow | None
    children: list[TicketRow]
    merged: list[TicketRow]
    into: TicketRow | None


class TraceRow(msgspec.Struct, frozen=True):
    """Who, when, from, to, why. `what` is note or event; `before` and `after` are people or a status."""

    at: datetime
    key: str
    what: str
    action: str
    author: Author
    before: str | None
    after: str | None
    text: str
    typed: bool
    facts: dict[str, Any]
    code: str | None = None
    parts: dict[str, str] | None = None


async def around_ticket(tx: Tx, viewer: Viewer, ticket_id: UUID) -> Around:
    """Tickets that the viewer may not see are left out."""
    links = await tx.fetch(SQL.links_of, ticket_id)
    children = [row["id"] for row in await tx.fetch(SQL.children_of, ticket_id)]
    (own,) = await ticket_rows(tx, [ticket_id])
    merged = [each for each in await with_merged(tx, ticket_id) if each != ticket_id]
    above = [each for each in (own.parent_id, own.merged_into) if each]
    wanted = [*children, *merged, *(row["other"] for row in links), *above]
    seen = {row.id: row for row in await ticket_rows(tx, list(dict.fromkeys(wanted))) if sees(viewer, row)}
    return Around(
        watchers=[Person(*row.values()) for row in await tx.fetch(SQL.watchers_of, ticket_id)],
        links=[LinkRow(r["id"], r["kind"], r["out"], seen[r["other"]]) for r in links if r["other"] in seen],
        parent=seen.get(own.parent_id) if own.parent_id else None,
        children=[seen[each] for each in children if each in seen],
        merged=[seen[each] for each in merged if each in seen],
        into=seen.get(own.merged_into) if own.merged_into else None,
    )


async def idle_tickets(
    tx: Tx, viewer: Viewer, *, now: datetime, after: tuple[datetime, UUID] | None, limit: int
) -> list[TicketRow]:
    """僵尸单, who lies longest first."""
    scope = (viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids))
    at, last = after or (None, None)
    rows = await tx.fetch(SQL.tickets_idle, *scope, now - IDLE, at, last, limit)
    return await ticket_rows(tx, [row["id"] for row in rows])


async def ticket_numbered(tx: Tx, number: int) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.ticket_numbered, number)
    return found


async def is_agent(tx: Tx, agent_id: UUID) -> bool:
    row = await tx.fetchrow(SQL.known, agent_id, None)
    return row is not None and bool(row["agent"])


async def is_team(tx: Tx, team_id: UUID) -> bool:
    row = await tx.fetchrow(SQL.known, None, team_id)
    return row is not None and bool(row["team"])


async def trace(
    tx: Tx, ticket_id: UUID, *, before: tuple[datetime, str] | None = None, count: int = 50
) -> list[TraceRow]:
    """Newest first; `before` is the (at, key) of the last row seen."""
    rows = await tx.fetch(SQL.trace, ticket_id, list(TRACED), *(before or (None, None)), count)
    ids = {value for row in rows for value in _ids((row["data"] or {}).values())}
    names = {row["id"]: row["name"] for row in await tx.fetch(SQL.names_of, list(ids))} if ids else {}
    return [_traced(row, names) for row in rows]


def _traced(row: Record, names: dict[UUID, str]) -> TraceRow:
    facts: dict[str, Any] = row["data"] or {}
    before, after = row["from_status"], row["to_status"]
    if before == after and ("from" in facts or "to" in facts):
        before, after = _named(facts.get("from"), names), _named(facts.get("to") or facts.get("team"), names)
    kind, _, who = row["actor"].partition(":")
    author = Author(kind, row["agent_name"] or "", UUID(who)) if kind == "agent" else Author(kind, who)
    told = {key: value for key, value in facts.items() if not _ids([value]) and key not in ("from", "to", "team")}
    return TraceRow(
        row["at"],
        row["key"],
        row["what"],
        row["action"],
        author,
        before,
        after,
        row["text"],
        row["typed"],
        told,
        row["code"],
        row["parts"],
    )


async def at_work_on(tx: Tx, tickets: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Who handles each, or speaks with its customer just now."""
    found: dict[UUID, set[UUID]] = {}
    for row in await tx.fetch(SQL.at_work_on, list(tickets)):
        found.setdefault(row["ticket_id"], set()).add(row["agent_id"])
    return {ticket: frozenset(agents) for ticket, agents in found.items()}


def _named(value: object, names: dict[UUID, str]) -> str | None:
    found = _ids([value])
    return names.get(found[0], "") if found else (str(value) if value else None)


def _ids(values: Iterable[object]) -> list[UUID]:
    return [UUID(value) for value in values if isinstance(value, str) and _ID.fullmatch(value)]
