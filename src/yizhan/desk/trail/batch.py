"""Items of thousands of open pages gathered in memory and written together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.trail import store
from yizhan.desk.trail.model import TrailItem
from yizhan.desk.trail.policy import cart_after
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.log import get_logger

_log = get_logger(__name__)


class TrailBuffer:
    """Bounded: when the database is away long, the oldest items are dropped and counted. A trail may be lost."""

    def __init__(self, db: Database, *, most: int = 20_000, batch: int = 500) -> None:
        self._db = db
        self._batch = batch
        self._items: deque[tuple[UUID, TrailItem]] = deque(maxlen=most)
        self._seen: dict[UUID, datetime] = {}
        self.dropped = 0
        self.written: list[Callable[[Collection[UUID]], Awaitable[None]]] = []
        """Told which visits went on, after they were written."""

    def add(self, visit_id: UUID, items: Sequence[TrailItem]) -> None:
        for item in items:
            self.dropped += len(self._items) == self._items.maxlen
            self._items.append((visit_id, item))
            self.touch(visit_id, item.at)

    def touch(self, visit_id: UUID, at: datetime) -> None:
        """The visitor's page is still open."""
        self._seen[visit_id] = max(at, self._seen.get(visit_id, at))

    async def flush(self) -> int:
        """Writes what is there, a batch a transaction; how many items. What fails stays for the next time."""
        written = 0
        while self._items or self._seen:
            batch = [self._items.popleft() for _ in range(min(self._batch, len(self._items)))]
            seen, self._seen = self._seen, {}
            try:
                async with self._db.transaction() as tx:
                    await _write(tx, batch, seen)
            except BaseException:
                self._put_back(batch, seen)
                raise
            written += len(batch)
            if batch:
                moved = {visit_id for visit_id, _ in batch}
                for tell in self.written:
                    await tell(moved)
        return written

    def _put_back(self, batch: Sequence[tuple[UUID, TrailItem]], seen: dict[UUID, datetime]) -> None:
        """In front, as far as there is room: what came meanwhile is newer."""
        room = (self._items.maxlen or 0) - len(self._items)
        kept = batch[max(0, len(batch) - room) :]
        self.dropped += len(batch) - len(kept)
        self._items.extendleft(reversed(kept))
        self._seen = seen | self._seen

    async def run(self, clock: Clock, every: float = 0.3) -> None:
        """Until cancelled; then writes the rest. Trouble of the database is logged and lived through."""
        try:
            while True:
                await asyncio.sleep(every)
                try:
                    await self.flush()
                except DATABASE_TROUBLE as error:
                    _log.warning("trail not written", waiting=len(self._items), at=clock.now(), error=repr(error))
        finally:
            await self.flush()


async def _write(tx: Tx, batch: Sequence[tuple[UUID, TrailItem]], seen: dict[UUID, datetime]) -> None:
    carts = await store.lock_carts(tx, sorted({visit_id for visit_id, _ in batch} | set(seen)))
    # A visit forgotten meanwhile (erasure) must not come back through the buffer.
    kept = [(visit_id, item) for visit_id, item in batch if visit_id in carts]
    if rows := [(visit_id, item) for visit_id, item in kept if item.kind != "dwell"]:
        await store.insert_items(tx, rows)
    if dwells := [(visit_id, item) for visit_id, item in kept if item.kind == "dwell" and item.dwell_ms]:
        await store.add_dwell(tx, dwells)
    latest = {visit_id: at for visit_id, at in seen.items() if visit_id in carts}
    pages = dict.fromkeys(carts, 0)
    changed = dict(carts)
    for visit_id, item in kept:
        latest[visit_id] = max(item.at, latest.get(visit_id, item.at))
        pages[visit_id] += item.kind == "page"
        changed[visit_id] = cart_after(changed[visit_id], item)
    await store.advance_visits(tx, {visit_id: (at, pages[visit_id]) for visit_id, at in latest.items()})
    if differing := {visit_id: cart for visit_id, cart in changed.items() if cart != carts[visit_id]}:
        await store.set_carts(tx, differing)
