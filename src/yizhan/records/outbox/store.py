"""The queue of what waits to be sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


async def enqueue(
    tx: Tx, *, message_id: UUID, inbox_id: UUID, conversation_id: UUID, channel: str, now: datetime
) -> None:
    await tx.execute(SQL.enqueue, message_id, inbox_id, conversation_id, channel, now)
