"""Alerts on the sockets of those who may see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yizhan.desk import alerts, views
from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.records import agents
from yizhan.records.config import Published

_KINDS = frozenset({alerts.RAISED, alerts.ACKNOWLEDGED, alerts.RECOVERED})


class AlertPart:
    entity = "alert"

    def __init__(self, published: Callable[[], Published]) -> None:
        self._published = published

    def wants(self, entry: Entry) -> bool:
        return entry.kind in _KINDS

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        """As each is now: one that fired and recovered within a tick ends up gone."""
        concerned = {entry.subject: entry for entry in entries}
        found = {row.id: row for row in await alerts.alert_rows(tx, concerned, self._published())}
        watching = await agents.supervisors(tx)
        rows = []
        for id, entry in concerned.items():
            row = found.get(id)
            seers = frozenset(each.agent_id for each in watching if views.sees(each, entry))
            shown = row if row is not None and row.ended_at is None else None
            rows.append(PartRow(id, row.version if row else entry.subject_version, shown, seers))
        return rows
