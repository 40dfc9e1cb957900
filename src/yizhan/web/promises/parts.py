"""Promises on the agents' sockets: to who gave his word, to who has the ticket now, and to supervisors."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk import views
from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry


class PromisePart:
    """The same rows as `GET /promises`; one that is settled comes once more as it was settled."""

    entity = "promise"

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("promise.")

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        found = await views.promise_rows(tx, list(dict.fromkeys(entry.subject for entry in entries)))
        return [
            PartRow(row.id, row.version, row, frozenset(a for a in (row.made_by, row.agent_id) if a), supervised=True)
            for row in found
        ]
