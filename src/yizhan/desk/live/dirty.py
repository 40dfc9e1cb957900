"""Which rows a stretch of the journal touched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from yizhan.foundation.journal import Entry

_REFERENCE = frozenset({"agent", "team", "skill", "brand", "inbox", "role"})


class Dirty(msgspec.Struct):
    """`writers` are identities that wrote; `loads` are the newest loads told by events."""

    pos: int = 0
    conversations: dict[UUID, None] = {}
    tickets: dict[UUID, None] = {}
    messages: dict[UUID, None] = {}
    writers: set[UUID] = set()
    contacts: set[UUID] = set()
    presences: set[UUID] = set()
    loads: dict[UUID, tuple[int, dict[str, object]]] = {}
    regranted: set[UUID] = set()
    signed_out: set[UUID] = set()
    lost: set[UUID] = set()
    inboxes: bool = False
    reference: UUID | None = None
    handed: dict[UUID, UUID] = {}
    failed: list[UUID] = []
    noted: list[UUID] = []
    asked: set[UUID] = set()


def gather(entries: Sequence[Entry]) -> Dirty:
    dirty = Dirty(pos=entries[-1].pos)
    for entry in entries:
        _rows(dirty, entry)
        _people(dirty, entry)
    return dirty


def _rows(dirty: Dirty, entry: Entry) -> None:
    if entry.conversation_id is not None:
        dirty.conversations[entry.conversation_id] = None
    if entry.ticket_id is not None:
        dirty.tickets[entry.ticket_id] = None
    if entry.kind == "conversation.surveyed":
        dirty.asked.add(entry.subject)
    if entry.kind == "contact.changed":
        dirty.contacts.add(entry.subject)
    elif entry.kind.startswith("ticket."):
        dirty.tickets[entry.subject] = None
    if (message := _id(entry.data.get("message"))) is None or not entry.kind.startswith("message."):
        if entry.kind == "conversation.assigned" and (to := _id(entry.data.get("to"))):
            dirty.handed[entry.subject] = to
        return
    dirty.messages[message] = None
    if entry.kind == "message.received" and (identity := _id(entry.data.get("identity"))):
        dirty.writers.add(identity)
    elif entry.kind == "message.noted":
        dirty.noted.append(message)
    elif entry.kind == "message.delivery" and entry.data.get("delivery") == "failed":
        dirty.failed.append(message)


def _people(dirty: Dirty, entry: Entry) -> None:
    family = entry.kind.partition(".")[0]
    if entry.kind == "agent.presence":
        dirty.presences.add(entry.subject)
        if entry.data.get("lost"):
            dirty.lost.add(entry.subject)
    elif entry.kind == "load.changed":
        dirty.loads[entry.subject] = (entry.subject_version, entry.data)
    elif entry.kind == "session.closed" and entry.agent_id is not None:
        dirty.signed_out.add(entry.agent_id)
    elif entry.kind == "config.released":  # types have names there
        dirty.reference = entry.subject
    elif family in _REFERENCE:
        dirty.reference = entry.subject
        if family == "agent":
            dirty.regranted.add(entry.subject)
        dirty.inboxes = dirty.inboxes or family == "inbox"


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
