"""What a web process does for itself beside its house: the places in the queue, the inboxes that intake knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from yizhan.desk import routing
from yizhan.desk.intake import Intake
from yizhan.desk.live import QueuePlace, QueueState
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.journal import Entry, Feed, Wake
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_INBOXES_NET = 60.0


def queue_places(db: Database, clock: Clock, book: routing.RoutingBook) -> QueueState:
    """What the customers who queue are told, asked by the hub once a tick."""

    async def places(ids: Sequence[UUID]) -> Mapping[UUID, QueuePlace]:
        async with db.transaction() as tx:
            states = await routing.queue_states(tx, ids, now=clock.now(), book=book)
        return {conversation_id: QueuePlace(s.position, s.eta_s) for conversation_id, s in states.items()}

    return places


async def follow_inboxes(feed: Feed, intake: Intake) -> None:
    """Until cancelled: intake knows the inboxes as they are."""
    changed = Wake()

    async def hear(entries: Sequence[Entry]) -> None:
        if any(entry.kind in ("inbox.created", "inbox.changed") for entry in entries):
            changed.ring()

    feed.listen(hear)
    while True:
        try:
            await intake.load_inboxes()
        except DATABASE_TROUBLE as error:
            log.error("inboxes.not_loaded", error=repr(error))
        await changed.wait(_INBOXES_NET)
