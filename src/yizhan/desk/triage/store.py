"""What triage reads; it writes through the verbs of conversations and tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.triage.model import Case
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.turns import in_turns

SQL = load_queries(__package__)


async def cases(tx: Tx, ticket_ids: Sequence[UUID]) -> list[Case]:
    rows = await tx.fetch(SQL.cases, list(ticket_ids))
    return [msgspec.convert(dict(row), Case) async for row in in_turns(rows)]


async def whole_words(tx: Tx, ticket_ids: Sequence[UUID]) -> dict[UUID, str]:
    return {row["ticket_id"]: row["words"] for row in await tx.fetch(SQL.whole_words, list(ticket_ids))}


async def later_words(tx: Tx, message_ids: Sequence[UUID]) -> dict[UUID, str]:
    return {row["ticket_id"]: row["words"] for row in await tx.fetch(SQL.later_words, list(message_ids))}


async def conversations(tx: Tx, ids: Sequence[UUID], served_since: datetime) -> list[Record]:
    return list(await tx.fetch(SQL.unready_conversations, list(ids), served_since))


async def held_skills(tx: Tx) -> dict[str, UUID]:
    return {row["key"]: row["id"] for row in await tx.fetch(SQL.held_skills)}


async def overdue(tx: Tx, before: datetime) -> tuple[list[UUID], list[Record]]:
    conversation_ids = [row["id"] for row in await tx.fetch(SQL.overdue_conversations, before)]
    return conversation_ids, list(await tx.fetch(SQL.overdue_tickets, before))
