"""A page of the tickets that a view selects, kept under a name or asked just now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import saved_views
from yizhan.desk.saved_views import Among, Selection
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Viewer
from yizhan.web.services import Services
from yizhan.web.tickets.shapes import TicketPage, cursor_of

_MOST_CHARS = 20_000


async def selected_page(
    services: Services, viewer: Viewer, saved: UUID | None, view: str, when: str | None,
    after: tuple[datetime, UUID] | None, count: int,
) -> TicketPage:  # fmt: skip
    async with services.db.read() as tx:
        if saved is not None:
            kept = await saved_views.seen_view(tx, viewer, saved)
            wanted = Selection(kept.base, kept.when, after, count)
        else:
            wanted = Selection(Among(view), _tree(when or "{}"), after, count)
        rows = await saved_views.page(tx, viewer, wanted, now=services.clock.now())
    return TicketPage(rows, cursor_of(rows[-1]) if len(rows) == count else None)


def _tree(text: str) -> dict[str, object]:
    try:
        return msgspec.json.decode(text[:_MOST_CHARS], type=dict[str, object])
    except msgspec.DecodeError:
        raise Invalid("a condition as JSON", "when") from None
