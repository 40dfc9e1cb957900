"""The two set-based calls of intake: rows are tuples in the order of the composite types of migration 0006."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from yizhan.desk.intake.model import Gathered, InboxFacts
from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.foundation.journal import wrote

SQL = load_queries(__package__)

# Channels on which a person waits at the screen.
LIVE_CHANNELS = frozenset({"webchat", "wechat", "app", "phone"})

Row = tuple[object, ...]


class Writing(msgspec.Struct):
    """All rows of one batch, each a tuple of its composite type."""

    conversations: list[Row] = []
    tickets: list[Row] = []
    touched: list[Row] = []
    touched_tickets: list[Row] = []
    messages: list[Row] = []
    notes: list[Row] = []
    events: list[Row] = []


_GATHERED = msgspec.json.Decoder(Gathered)


async def gather(tx: Tx, batch: Sequence[Row], received: datetime) -> Gathered:
    return _GATHERED.decode(await tx.fetchval(SQL.gather, batch, received))


async def write(tx: Tx, rows: Writing) -> None:
    wrote(tx)
    await tx.execute(
        SQL.write,
        rows.conversations,
        rows.tickets,
        rows.touched,
        rows.touched_tickets,
        rows.messages,
        rows.notes,
        rows.events,
    )


async def inbox_facts(db: Database) -> list[InboxFacts]:
    rows = await db.pool.fetch(SQL.inbox_facts)
    return [
        InboxFacts(r["id"], r["channel"], r["brand_id"], r["team_id"], r["channel"] in LIVE_CHANNELS, r["bot"])
        for r in rows
    ]
