"""What a process has just read of the journal, for everybody in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import store
from yizhan.foundation.journal.model import Entry
from yizhan.foundation.journal.wake import Wake
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

Listener = Callable[[Sequence[Entry]], Awaitable[None]]

_NET_SECONDS = 1.0
_RECENT = 4_000
_SLACK = 500  # so many more are kept before the oldest go: they all move up by that
_MOST_OFFERED = 20_000


class Feed:
    """This process's view of the journal from now on: for boards and sockets that rebuild themselves at a start."""

    def __init__(self, db: Database) -> None:
        self.wake = Wake()
        self.pos = 0
        self.epoch = 0
        self._db = db
        self._listeners: list[Listener] = []
        self._offered: list[Entry] = []
        self._recent: list[Entry] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def start(self) -> None:
        async with self._db.read() as tx:
            at = await store.head(tx)
        self.pos, self.epoch = at.pos, at.epoch

    def offer(self, entries: Sequence[Entry]) -> None:
        """The next entries, brought by somebody who read them. What does not follow on is only a ring of the bell."""
        if len(self._offered) < _MOST_OFFERED:
            self._offered.extend(entries)
        self.wake.ring()

    async def step(self) -> int:
        entries = self._following()
        if not entries:
            async with self._db.pool.acquire() as connection:
                entries = await store.entries_after(cast(Tx, connection), self.pos, 2000)
        if entries:
            self._remember(entries)
            for listener in self._listeners:
                await listener(entries)
            self.pos = entries[-1].pos
        return len(entries)

    def _remember(self, entries: Sequence[Entry]) -> None:
        """Without gaps and in order, also when the same are read again because a listener failed."""
        first = entries[0].pos
        known = first - self._recent[0].pos if self._recent else 0  # positions are dense
        if not 0 < known <= len(self._recent):
            known = 0
        del self._recent[known:]
        self._recent.extend(entries)
        if len(self._recent) > _RECENT + _SLACK:
            del self._recent[:-_RECENT]

    def after(self, at: int, most: int) -> list[Entry] | None:
        """The next entries after `at`, at most `most`, out of what was read lately; None when that does not reach
        back, or not yet up to there."""
        if not self._recent or not self._recent[0].pos - 1 <= at <= self._recent[-1].pos:
            return None
        start = at + 1 - self._recent[0].pos
        return self._recent[start : start + most]

    def _following(self) -> list[Entry]:
        """Of what was offered, as much as goes on from here without a gap: positions are dense."""
        offered, self._offered = self._offered, []
        taken: list[Entry] = []
        for entry in offered:
            if entry.pos == self.pos + 1 + len(taken):
                taken.append(entry)
        if offered and offered[-1].pos > self.pos + len(taken):
            self.wake.ring()  # what lies between must be read
        return taken

    async def run(self) -> None:
        while True:
            try:
                count = await self.step()
            except Exception as error:
                log.error("feed.step_failed", error=repr(error))
                count = 0
            if count < 2000:
                await self.wake.wait(_NET_SECONDS)
