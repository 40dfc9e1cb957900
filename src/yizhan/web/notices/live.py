"""Notices on the sockets of the person they are for."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk import notices
from yizhan.desk.live import PartRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.web.notices.shapes import NoticeNews


class NoticePart:
    entity = "notice"

    def wants(self, entry: Entry) -> bool:
        return entry.kind in (notices.KEPT, notices.READ)

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        """Two statements for a whole tick."""
        people = {entry.agent_id for entry in entries if entry.agent_id is not None}
        unread = await notices.unread_of(tx, people)
        kept = await notices.news_of(tx, {entry.subject for entry in entries if entry.kind == notices.KEPT})
        told = {agent_id for agent_id, _ in kept}
        found = [
            PartRow(row.id, row.version, NoticeNews(unread[agent_id], row), frozenset({agent_id}))
            for agent_id, row in kept
            if agent_id in unread
        ]
        return found + [
            PartRow(agent_id, 1, NoticeNews(unread[agent_id], None), frozenset({agent_id}))
            for agent_id in people - told
        ]
