"""Consultations on the agents' sockets: to everybody whom one concerns, and to supervisors."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry


class ConsultationPart:
    """The same rows as `GET /consultations`; one that was closed comes once more, with its conclusion."""

    entity = "consultation"

    def __init__(self, guests: dict[UUID, frozenset[UUID]]) -> None:
        """`guests` are the tickets that agents may read beyond their scope: kept as the consultations go."""
        self._guests = guests

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("consultation.")

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        """Who declined or left is told as well: his list has to know."""
        gone = {(e.subject, e.actor) for e in entries if e.kind in ("consultation.declined", "consultation.left")}
        found = await views.consultation_rows(tx, list(dict.fromkeys(entry.subject for entry in entries)))
        rows = []
        for row in found:
            left = {m.agent_id for m in row.members if m.agent_id and (row.id, f"agent:{m.agent_id}") in gone}
            told = await views.audience_of(tx, row) | left
            concerned = told | {m.agent_id for m in row.members if m.agent_id}
            self._guests.update(await views.guest_tickets(tx, concerned))
            rows.append(PartRow(row.id, row.version, row, told, supervised=True))
        return rows
