"""Customers on the sockets: that one changed, not how. Who has him or the list on the screen reads again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.live import AgentSocket, Audience, PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.records.agents import Permission

_FAMILIES = frozenset({
    "appointment", "claim", "complaint", "compensation", "contact", "identity", "nps", "order", "profile", "promise",
    "segment", "verification", "visit",
})  # fmt: skip
"""Messages, conversations and tickets have frames of their own, which come to who watches their customer."""


_LISTED = frozenset({"contact.created", "contact.changed", "contact.tagged", "contact.linked", "contact.unlinked"})
"""By these somebody comes to stand on a list where he did not stand."""
_LIST = UUID(int=0)


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


class ListNews(msgspec.Struct, frozen=True):
    """`why` is the kind of the last event. Who it was is not said: not everybody may see him."""

    why: str


class CustomerListPart:
    """To whoever has the list on the screen, once a tick however many came; nothing is read."""

    entity = "customers"

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    def wants(self, entry: Entry) -> bool:
        return entry.kind in _LISTED

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        agents = frozenset(
            s.agent_id for s in self._audience.sockets if s.watch.customers and s.viewer.may(Permission.CUSTOMER_READ)
        )
        return [PartRow(_LIST, entries[-1].pos, ListNews(entries[-1].kind), agents)] if agents else []


def concerned(entry: Entry) -> list[UUID]:
    """A link is news to both its ends."""
    found = [entry.contact_id] if entry.contact_id is not None else []
    if entry.kind in ("contact.linked", "contact.unlinked"):
        found.append(UUID(str(entry.data["other"])))
    return found
