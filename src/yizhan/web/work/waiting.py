"""Customers who wait too long, on the screens of the supervisors who may see them, until they wait no more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.live import PartRow
from yizhan.desk.views import ConversationRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.records import agents

OVERDUE = "conversation.overdue"
_MOST = 5_000


class WaitingRow(msgspec.Struct, frozen=True):
    """`what`: `queue` for somebody at all, `reply` for the first word, `moved` on as often as the rules let it."""

    conversation: ConversationRow
    what: str
    seconds: int


class _Shown(msgspec.Struct, frozen=True):
    what: str
    agent_id: UUID | None
    to: frozenset[UUID]


class WaitingPart:
    """Rows of the entity `waiting` by conversation; a screen that comes later reads `GET /conversations/waiting`."""

    entity = "waiting"

    def __init__(self) -> None:
        self._shown: dict[UUID, _Shown] = {}

    def wants(self, entry: Entry) -> bool:
        return entry.kind == OVERDUE or entry.conversation_id in self._shown

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        overdue = {e.conversation_id: e for e in entries if e.kind == OVERDUE and e.conversation_id}
        touched = dict.fromkeys(e.conversation_id for e in entries if e.conversation_id)
        found = {row.id: row for row in await views.conversation_rows(tx, list(touched))}
        told: list[PartRow] = []
        for id in touched:
            row, shown = found.get(id), self._shown.get(id)
            if id in overdue and row is not None:
                told += await self._show(tx, row, overdue[id])
            elif shown is not None and (row is None or not _still_waits(row, shown)):
                told += self._let_go(id, row)
        return told

    async def _show(self, tx: Tx, row: ConversationRow, entry: Entry) -> list[PartRow]:
        shown = _Shown(str(entry.data["what"]), row.agent_id, frozenset())
        if not _still_waits(row, shown):
            return self._let_go(row.id, row)
        to = frozenset(who.agent_id for who in await agents.supervisors(tx) if views.sees(who, row))
        self._shown.pop(row.id, None)
        self._shown[row.id] = msgspec.structs.replace(shown, to=to)
        if len(self._shown) > _MOST:
            del self._shown[next(iter(self._shown))]
        waiting = WaitingRow(row, shown.what, int(entry.data["seconds"]))
        words = f"{row.contact_name}:{row.preview}"[:140]
        return [PartRow(row.id, row.version, waiting, to, alert=("waiting", row.id, words))]

    def _let_go(self, id: UUID, row: ConversationRow | None) -> list[PartRow]:
        shown = self._shown.pop(id, None)
        return [PartRow(id, row.version if row else 0, None, shown.to)] if shown else []


def _still_waits(row: ConversationRow, shown: _Shown) -> bool:
    if shown.what == "queue":
        return row.phase == "queued"
    return row.phase == "served" and row.waiting_since is not None and row.agent_id == shown.agent_id
