"""Two people never answer unknowingly: what was written before a colleague answered, or before the work moved, is
refused until its writer has looked and says that it shall go all the same."""

from __future__ import annotations

from uuid import UUID

import msgspec

from yizhan.desk.serving.store import SQL
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import conversations


class AnsweredMeanwhile(Conflict):
    """A colleague answered after the last message that the writer saw."""

    code = "answered_meanwhile"


class MovedMeanwhile(Conflict):
    """Somebody else serves the conversation than the writer saw, or nobody does."""

    code = "moved_meanwhile"


class Standpoint(msgspec.Struct, frozen=True):
    """What somebody saw as he wrote: the newest message (None when there was none) and who served."""

    message_id: UUID | None = None
    agent_id: UUID | None = None


async def ensure_nothing_happened(tx: Tx, conversation_id: UUID, seen: Standpoint, *, by: UUID) -> None:
    """Judged under the conversation's lock, so that of two who answer at once the later one is told."""
    c = await conversations.lock_conversation(tx, conversation_id)
    row = await tx.fetchrow(SQL.answered_since, c.id, c.ticket_id, seen.message_id or UUID(int=0), f"agent:{by}")
    if row is not None:
        raise AnsweredMeanwhile(f"{row['name']} answered meanwhile: look, and send it all the same or not")
    if c.agent_id not in (seen.agent_id, by):
        raise MovedMeanwhile("somebody else serves this conversation now: look, and send it all the same or not")
