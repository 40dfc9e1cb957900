"""Complaints on the sockets: that one changed, not what it says. Who may read it then does."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry


class ComplaintNews(msgspec.Struct, frozen=True):
    ticket_id: UUID


class ComplaintPart:
    """To supervisors and whoever is at work on it: it is opened a moment after they have the matter on the screen."""

    entity = "complaint"

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("complaint.") and entry.ticket_id is not None

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        last = {entry.ticket_id: entry for entry in entries if entry.ticket_id}
        agents = await views.at_work_on(tx, list(last))
        return [
            PartRow(e.subject, e.subject_version, ComplaintNews(id), agents.get(id, frozenset()), supervised=True)
            for id, e in last.items()
        ]
