"""What sockets need to read beyond the rows of screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.live.model import QueuePlace
from yizhan.desk.live.widget import ASKED_WITHIN
from yizhan.desk.views import ConversationRow
from yizhan.foundation.db import Tx, load_queries
from yizhan.records import ratings

SQL = load_queries(__package__)


class Newest(msgspec.Struct, frozen=True):
    """A visitor's conversation that runs, or the last that ended, and whether a rating is asked for."""

    row: ConversationRow
    survey: bool


async def newest_of_visitor(tx: Tx, identities: Sequence[UUID], inbox_id: UUID, now: datetime) -> Newest | None:
    found: UUID | None = await tx.fetchval(SQL.newest_conversation, identities, inbox_id)
    if found is None:
        return None
    (row,) = await views.conversation_rows(tx, [found])
    return Newest(row, await survey_of(tx, row, now))


async def survey_of(tx: Tx, row: ConversationRow, now: datetime) -> bool:
    """Whether the form is open in his window: who is asked is decided by those who ask."""
    return row.phase in ("served", "ended") and await ratings.asked_since(tx, row.id, now - ASKED_WITHIN)


async def unread_of_visitor(tx: Tx, conversation_id: UUID) -> int:
    return int(await tx.fetchval(SQL.unread, conversation_id))


async def queue_places(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, QueuePlace]:
    return {row["id"]: QueuePlace(row["position"]) for row in await tx.fetch(SQL.queue_places, ids)}


async def blinds_of(tx: Tx, identities: Sequence[UUID]) -> Mapping[UUID, bytes]:
    return {row["id"]: row["blind"] for row in await tx.fetch(SQL.blinds, identities)}
