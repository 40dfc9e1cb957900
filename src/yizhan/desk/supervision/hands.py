"""What a supervisor does with conversations of others: 回收, 悄悄话."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk import routing
from yizhan.desk.supervision import store
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import conversations, tickets
from yizhan.records.agents import Viewer
from yizhan.records.conversations import Draft, Phase
from yizhan.records.tickets import By


async def reclaim(tx: Tx, agent_id: UUID, *, note: str, waiting: bool, by: Viewer, now: datetime) -> int:
    """回收: what somebody serves goes back to the front of the queue, seniority kept; how much it was."""
    words = tickets.check_note(note)
    ids = await store.held_by(tx, agent_id, waiting=waiting)
    held = [c for c in await conversations.lock_many(tx, ids) if c.agent_id == agent_id and c.phase is Phase.SERVED]
    if waiting:
        held = [c for c in held if c.waiting_since is not None]
    if not held:
        raise Conflict("there is nothing to take back from this agent")
    acting = By(by.actor, by.agent_id)
    about = {c.ticket_id: c.id for c in held if c.ticket_id is not None}
    touched = [
        t for t in await tickets.lock_many(tx, sorted(about))
        if t.status not in tickets.FINAL and t.agent_id == agent_id
    ]  # fmt: skip
    await routing.requeue(tx, held, reason="reclaimed", by=acting, now=now, front=True)
    await routing.release(tx, [t.id for t in touched], reason="reclaimed", by=acting, now=now)
    for ticket in touched:
        await tickets.hand_over(
            tx, ticket, agent_id=None, team_id=None, text=words, by=acting, now=now, typed=True,
            conversation_id=about[ticket.id],
        )  # fmt: skip
    return len(held)


async def whisper(tx: Tx, conversation_id: UUID, text: str, *, by: Viewer, now: datetime) -> UUID:
    """悄悄话: an internal note for whoever serves it, shown where he writes; no customer ever sees a note."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is not Phase.SERVED or c.agent_id is None:
        raise Conflict("nobody serves this conversation")
    if c.agent_id == by.agent_id:
        raise Conflict("this conversation is your own")
    to = str(c.agent_id)
    draft = Draft(direction="note", author=by.actor, text=text, payload={"whisper": to, "mentions": [to]})
    return (await conversations.say(tx, c, draft, now=now)).message_id
