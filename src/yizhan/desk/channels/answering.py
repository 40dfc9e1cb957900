"""引用: which message of the thread a customer's words answer, where his channel names it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yizhan.desk import serving, views
from yizhan.desk.channels.model import Arrival
from yizhan.desk.channels.policy import dedupe_key
from yizhan.desk.channels.store import SQL
from yizhan.foundation.db import Tx
from yizhan.records import outbox

_ANSWERS = "answers"


async def quoted(tx: Tx, inbox_id: UUID, arrivals: Sequence[Arrival]) -> list[dict[str, Any] | None]:
    """By arrival, as the workbench draws it above his words: one of ours by the id its vendor gave it, or one of his
    own. What nobody here knows, an older thread or a message that was never stored, is no quotation."""
    known = [await _known(tx, inbox_id, str(each.origin.get(_ANSWERS) or "")) for each in arrivals]
    rows = {row.id: row for row in await views.messages_by_id(tx, [id for id in known if id is not None])}
    return [_drawn(rows[id]) if id in rows else None for id in known]


def any_answers(arrivals: Sequence[Arrival]) -> bool:
    return any(each.origin.get(_ANSWERS) for each in arrivals)


async def _known(tx: Tx, inbox_id: UUID, vendor_id: str) -> UUID | None:
    if not vendor_id:
        return None
    ours = await outbox.sent_as(tx, inbox_id, vendor_id)
    his: UUID | None = ours or await tx.fetchval(SQL.message_of, dedupe_key(inbox_id, vendor_id))
    return his


def _drawn(row: views.MessageRow) -> dict[str, Any] | None:
    if row.recalled_at is not None:
        return None
    return {"message_id": str(row.id), "name": row.author.name, "text": serving.excerpt(row.text, row.attachments)}
