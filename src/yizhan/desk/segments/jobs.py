"""Who keeps segments up to date: a reader of what happens, and a watch for what time alone changes.

The reader takes no message and no opening: whoever comes is seen by the watch, some seconds later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.segments import service
from yizhan.desk.segments.policy import compile_segments
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Entry, Reader, Wake
from yizhan.foundation.log import get_logger
from yizhan.records.config import RELEASED, Configuration, Kinds, Published

log = get_logger(__name__)

KINDS = frozenset({
    "profile.changed", "order.changed", "contact.changed", "contact.linked", "contact.unlinked", "contact.tagged",
    "identity.added", "identity.ended", "conversation.ended", "conversation.rated", "conversation.separated",
    "ticket.changed", "ticket.created", "ticket.moved", "ticket.joined", "ticket.unjoined", "ticket.split",
    "complaint.opened",
})  # fmt: skip

_BATCH = 500
_LOOK_SECONDS = 10.0
_BREATH_SECONDS = 0.05


class SegmentBook:
    """The rules in force; without any, until it takes a release."""

    def __init__(self) -> None:
        self.now = compile_segments(Published(Kinds([]), 0, ()))

    def take(self, published: Published) -> None:
        self.now = compile_segments(published)
        for name, why in self.now.broken.items():
            log.error("segments.not_understood", segment=name, why=why)


def segment_reader(db: Database, clock: Clock, book: SegmentBook, configuration: Configuration) -> Reader:
    """The durable reader `segments`. Nobody waits for what it does."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        contacts = sorted({contact for entry in entries for contact in concerned(entry)})
        for at in range(0, len(contacts), _BATCH):
            await service.count_anew(tx, contacts[at : at + _BATCH], book.now, configuration, clock.now())

    return Reader(db, clock, "segments", take, kinds=KINDS, batch=_BATCH, patient=True)


def concerned(entry: Entry) -> list[UUID]:
    """A link is news of both its ends."""
    found = [entry.contact_id] if entry.contact_id is not None else []
    if entry.kind in ("contact.linked", "contact.unlinked"):
        found.append(UUID(str(entry.data["other"])))
    return found


class SegmentWatch:
    """A few steps a minute where nothing happens; as many as there is to do after a release, and at the first start.

    Run it under a lease. That two run at once does no harm: who counts holds the clock's row.
    """

    def __init__(self, db: Database, clock: Clock, book: SegmentBook, configuration: Configuration) -> None:
        self.wake = Wake()
        self._db = db
        self._clock = clock
        self._book = book
        self._configuration = configuration

    async def hear(self, entries: Sequence[Entry]) -> None:
        """A listener of the feed: new rules are not waited for."""
        if any(entry.kind == RELEASED for entry in entries):
            self.wake.ring()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                busy = await self.look()
            except DATABASE_TROUBLE as error:
                log.warning("segments.wait_for_database", error=repr(error))
                busy = False
            if busy:
                await asyncio.sleep(_BREATH_SECONDS)
            else:
                await self.wake.wait(_LOOK_SECONDS)

    async def look(self) -> bool:
        """One step; whether there is more to do at once."""
        async with self._db.transaction() as tx:
            return await service.look(tx, self._book.now, self._configuration, self._clock.now(), _BATCH)
