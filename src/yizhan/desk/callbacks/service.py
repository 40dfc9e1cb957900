"""From a matter that is done to the call that asks about it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.callbacks.rules import CALLBACK, CallbackBook
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.timer import NewTimer, set_timers
from yizhan.records import tickets
from yizhan.records.config import TypeTree
from yizhan.records.tickets import By, LinkKind

SQL = load_queries(__package__)
DUE = "callbacks.due"
_BY = By(f"timer:{DUE}")
_NORMAL = 2


async def plan(tx: Tx, done: Collection[UUID], book: CallbackBook, now: datetime) -> None:
    """Two statements a batch, none while no rule is in force. Nothing is made up for whose day has passed."""
    if not book.rules or not done:
        return
    due = []
    for row in await tx.fetch(SQL.done, list(done)):
        rule = book.of(row["type"])
        if rule is not None and row["type"].partition(".")[0] != CALLBACK:
            since: datetime = row["closed_at"]
            day = since + timedelta(days=rule.days)
            due += [NewTimer(day, DUE, row["id"], 0, {"done": since.isoformat()})] if day > now else []
    await set_timers(tx, due)


async def call(tx: Tx, ticket_id: UUID, done: str, book: CallbackBook, types: TypeTree, now: datetime) -> UUID | None:
    """The task itself, linked with the matter; none where it was reopened since, or no rule asks for it any more."""
    rows = await tx.fetch(SQL.done, [ticket_id])
    if not rows or rows[0]["closed_at"].isoformat() != done:
        return None
    rule = book.of(rows[0]["type"])
    if rule is None:
        return None
    team: UUID | None = await tx.fetchval(SQL.team_named, rule.team) if rule.team else None
    matter = await tickets.lock_ticket(tx, ticket_id)
    said = tickets.line("callback", number=matter.number)
    made = await tickets.create_ticket(
        tx, contact_id=matter.contact_id, subject=f"{said} {matter.subject}", kind=types.known(CALLBACK),
        priority=_NORMAL, text=said, by=_BY, now=now, brand_id=matter.brand_id, team_id=team or matter.team_id,
        linked_to=matter.id,
    )  # fmt: skip
    one, other = await tickets.lock_two(tx, made, matter.id)
    await tickets.link_tickets(tx, one, other, LinkKind.RELATES, text=said, by=_BY, now=now)
    return made
