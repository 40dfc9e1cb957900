"""When more changes between two ticks than anybody reads: only what somebody looks at, or talks in, is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.live.agents import Audience
from yizhan.desk.live.dirty import Dirty
from yizhan.desk.live.spread import KnownRows
from yizhan.desk.live.visitors import Visitors
from yizhan.foundation.journal import Entry

CROWD = 150


def is_crowd(dirty: Dirty) -> bool:
    return len(dirty.conversations) + len(dirty.tickets) > CROWD


def narrow(dirty: Dirty, entries: Sequence[Entry], rows: KnownRows, audience: Audience, visitors: Visitors) -> None:
    """Leaves live conversations, what is open on a screen and what a visitor may see; the rest is in lists, and those
    are read anew. What is not known yet stays too."""
    looked_at: set[UUID | None] = set()
    for e in entries:
        if any(audience.watching(id) for id in (e.ticket_id, e.conversation_id, e.contact_id)):
            looked_at |= {e.conversation_id, e.ticket_id, e.subject}
    kept: dict[UUID, None] = {}
    for id in dirty.conversations:
        row = rows.conversation(id)
        if row is None or row.live or id in looked_at or visitors.of_identity(row.identity_id):
            kept[id] = None
        else:
            rows.pass_over(id)
    dirty.conversations = kept
    for id in dirty.tickets:
        if id not in looked_at:
            rows.pass_over(id)
    dirty.tickets = {id: None for id in dirty.tickets if id in looked_at}
    said = {str(e.data.get("message")) for e in entries if e.conversation_id in kept or e.ticket_id in dirty.tickets}
    dirty.messages = {id: None for id in dirty.messages if str(id) in said}
