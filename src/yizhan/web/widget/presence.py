"""A visitor's being here: his visit, wherever its session was opened, and what the clocks must know of his line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.channels.webchat import WebchatSettings
from yizhan.desk import clocks, push, trail
from yizhan.desk.live import Visitor, VisitorSocket
from yizhan.desk.trail import open_visit, origin_of, running_visit
from yizhan.foundation.db import DATABASE_TROUBLE, Tx
from yizhan.foundation.journal import Head
from yizhan.foundation.log import get_logger
from yizhan.records import contacts
from yizhan.web.guards import Connection
from yizhan.web.services import Services
from yizhan.web.widget import passes
from yizhan.web.widget.door import Guest
from yizhan.web.widget.passes import Pass

log = get_logger(__name__)

GRACE_SECONDS = 10.0
_leaving: set[asyncio.Task[None]] = set()


def may_record(settings: WebchatSettings, headers: Mapping[str, str]) -> bool:
    """The inbox may forbid it, and so may the visitor's browser."""
    return settings.tracking and headers.get("dnt") != "1" and headers.get("sec-gpc") != "1"


async def begin_visit(
    services: Services, guest: Guest, connection: Connection, url: str, referrer: str, locale: str, now: datetime,
    *, contact_id: UUID | None = None,
) -> None:  # fmt: skip
    origin = origin_of(
        url, referrer, ip=connection.client.host if connection.client else "", language=locale,
        user_agent=connection.headers.get("user-agent", ""),
    )  # fmt: skip
    async with services.db.transaction() as tx:
        visit = await open_visit(tx, guest.inbox_id, guest.blind, origin, now, contact_id=contact_id)
    services.widgets.visits.put(guest.blind, visit.id)


async def adopt_visits(tx: Tx, services: Services, guest: Guest) -> None:
    """His device, and what this browser did before he signed in, unless the browser has a customer already."""
    if not guest.who.before:
        return
    before = passes.blind_of(services.vault, guest.inbox_id, Pass("visitor", guest.who.before))
    await push.adopt(tx, guest.inbox_id, before, guest.blind)
    if await contacts.identity_by_blind(tx, before) is None:
        await trail.adopt_visits(tx, guest.inbox_id, before, guest.blind)
        services.widgets.visits.pop(before)


async def visit_of(services: Services, guest: Guest, now: datetime) -> UUID | None:
    """Also after a restart, and for a session opened in another process; None when this visit is not recorded."""
    known = services.widgets.visits.get(guest.blind)
    if known is not None:
        return known
    async with services.db.read() as tx:
        found = await running_visit(tx, guest.inbox_id, guest.blind, now)
    if found is not None:
        services.widgets.visits.put(guest.blind, found)
    return found


@asynccontextmanager
async def here(services: Services, guest: Guest, line: VisitorSocket, after: Head | None) -> AsyncIterator[Visitor]:
    """While the block runs the visitor has this line. The clocks learn that he came, and that his last line closed."""
    hub = services.the_hub
    async with hub.visit(line, guest.blind, guest.inbox_id, after) as visitor:
        if visitor.queueing is not None and not services.widgets.leaving.pop(guest.blind):
            await _tell(services, visitor.queueing, None)
        await stirs(services, guest)
        try:
            yield visitor
        finally:
            waiting, running = visitor.queueing, visitor.conversation
    if hub.visitors.of_blind(guest.blind) is None:
        services.widgets.leaving.put(guest.blind, True)
        _later(_leave(services, guest, running.id if running else None, waiting, services.clock.now()))


async def stirs(services: Services, guest: Guest, *, busy: bool = False) -> None:
    """Whoever sends anything is there; whoever types or uploads is not silent."""
    visitor = services.the_hub.visitors.of_blind(guest.blind)
    if services.signs is not None and visitor is not None and visitor.conversation is not None:
        await services.signs.here(visitor.conversation.id, busy=busy)


async def _leave(
    services: Services, guest: Guest, running: UUID | None, waiting: UUID | None, at: datetime
) -> None:  # fmt: skip
    """Going to the next page, or from one poll to the next, is no leaving: only who stays away a moment is told of."""
    if running is not None and services.signs is not None:
        await services.signs.dropped(running)
    await asyncio.sleep(GRACE_SECONDS)
    if services.the_hub.visitors.of_blind(guest.blind) is not None or not services.widgets.leaving.pop(guest.blind):
        return
    visit = services.widgets.visits.get(guest.blind)
    if visit is not None and services.visitor_news is not None:
        await services.visitor_news.left(visit)
    if waiting is not None:
        await _tell(services, waiting, at)


async def _tell(services: Services, conversation_id: UUID, left: datetime | None) -> None:
    """A line that opens or closes while the database is away is not held up for it."""
    try:
        async with services.db.transaction() as tx:
            if left is None:
                await clocks.came_back(tx, conversation_id)
            else:
                await clocks.left_queue(tx, conversation_id, now=left, book=services.clock_book)
    except DATABASE_TROUBLE as error:
        log.warning("visitor.not_told", conversation=str(conversation_id), error=repr(error))


def _later(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
