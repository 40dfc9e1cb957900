"""The release in force, in the memory of this process: read without a query, switched by the journal."""

from collections.abc import Callable, Sequence
from datetime import datetime

from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Entry
from yizhan.foundation.log import get_logger
from yizhan.records.config.faults import FaultLog
from yizhan.records.config.model import RELEASED
from yizhan.records.config.policy import Published
from yizhan.records.config.service import Configuration

log = get_logger(__name__)


class Live:
    """`now` is whole and never changes under its reader: take it once for one decision.

    `hear` is a listener of the process's journal feed. Start the feed before `start`, and no release is missed.
    """

    def __init__(self, db: Database, configuration: Configuration) -> None:
        self._db = db
        self._configuration = configuration
        self._followers: list[Callable[[Published], None]] = []
        self._faults: list[FaultLog] = []
        self.now = Published(configuration.kinds, 0, ())

    def follow(self, follower: Callable[[Published], None]) -> None:
        """Called at every switch, for what is compiled from documents. A follower does not wait for anything."""
        self._followers.append(follower)

    def watch(self, faults: FaultLog) -> None:
        """What could not be compiled of a release is told to the journal at the switch."""
        self._faults.append(faults)

    async def tell(self, now: datetime) -> None:
        if not any(self._faults):
            return
        async with self._db.transaction() as tx:
            for faults in self._faults:
                await faults.tell(tx, actor="system", now=now)

    async def start(self) -> None:
        """Raises Invalid when the release in force cannot be read by this version of the product."""
        await self._load()

    async def hear(self, entries: Sequence[Entry]) -> None:
        if not any(entry.kind == RELEASED for entry in entries):
            return
        try:
            await self._load()
        except Invalid as wrong:
            # Released by a newer process than this one: what is held stays in force here until it is replaced.
            log.error("config.unreadable", error=wrong.message, field=wrong.field, kept=self.now.number)
            return
        await self.tell(entries[-1].at)

    async def _load(self) -> None:
        async with self._db.read() as tx:
            fresh = await self._configuration.published(tx)
        if fresh.number <= self.now.number:
            return
        self.now = fresh
        for follower in self._followers:
            follower(fresh)
