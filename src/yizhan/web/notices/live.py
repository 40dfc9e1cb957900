"""Notices on the sockets of the person they are for."""

from __future__ import annotations

from collections.abc import Sequence

from yizhan.desk import notices, outlets
from yizhan.desk.live import PartRow
from yizhan.desk.notices import NoticeQuiet, NoticeRow
from yizhan.desk.outlets import Quiet
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.web.notices.shapes import NoticeNews


class NoticePart:
    entity = "notice"

    def wants(self, entry: Entry) -> bool:
        return entry.kind in (notices.KEPT, notices.READ)

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        """Three statements for a whole tick."""
        people = {entry.agent_id for entry in entries if entry.agent_id is not None}
        unread = await notices.unread_of(tx, people)
        kept = await notices.news_of(tx, {entry.subject for entry in entries if entry.kind == notices.KEPT})
        quiet = await notices.quiet(tx, {agent_id for agent_id, _ in kept})
        told = {agent_id for agent_id, _ in kept}
        found = [
            PartRow(
                row.id,
                row.version,
                NoticeNews(unread[agent_id], row, hushed(quiet.get(agent_id), row)),
                frozenset({agent_id}),
            )
            for agent_id, row in kept
            if agent_id in unread
        ]
        return found + [
            PartRow(agent_id, 1, NoticeNews(unread[agent_id], None), frozenset({agent_id}))
            for agent_id in people - told
        ]


def hushed(quiet: NoticeQuiet | None, notice: NoticeRow) -> bool:
    """As it was raised. A call is heard at all hours, and so is what is critical."""
    if quiet is None or notice.how == "call":
        return False
    return outlets.is_quiet(Quiet(quiet.start, quiet.end, quiet.tz), notice.level, notice.raised_at)
