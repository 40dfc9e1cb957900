"""Customers on the sockets: that one changed, not how. Who has him on the screen reads him again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.live import AgentSocket, PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry

_FAMILIES = frozenset({
    "appointment", "claim", "complaint", "compensation", "contact", "identity", "nps", "order", "profile", "promise",
    "segment", "verification", "visit",
})  # fmt: skip
"""Messages, conversations and tickets have frames of their own, which come to who watches their customer."""


class CustomerNews(msgspec.Struct, frozen=True):
    """`why` is the kind of the event."""

    contact_id: UUID
    why: str


class CustomerPart:
    """Only entries about customers somebody looks at just now are looked at further; nothing is read."""

    entity = "customer"

    def __init__(self, watching: Callable[[UUID], set[AgentSocket]]) -> None:
        self._watching = watching

    def wants(self, entry: Entry) -> bool:
        return entry.kind.partition(".")[0] in _FAMILIES and any(map(self._watching, concerned(entry)))

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        last = {contact: entry for entry in entries for contact in concerned(entry)}
        return [
            PartRow(contact, entry.pos, CustomerNews(contact, entry.kind), agents)
            for contact, entry in last.items()
            if (agents := frozenset(socket.agent_id for socket in self._watching(contact)))
        ]


def concerned(entry: Entry) -> list[UUID]:
    """A link is news to both its ends."""
    found = [entry.contact_id] if entry.contact_id is not None else []
    if entry.kind in ("contact.linked", "contact.unlinked"):
        found.append(UUID(str(entry.data["other"])))
    return found
