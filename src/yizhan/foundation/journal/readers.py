"""Those who follow the journal and keep their place in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import cast

from yizhan.foundation.clock import Clock
from yizhan.foundation.db import (
    DATABASE_TROUBLE,
    Database,
    InterfaceError,
    PostgresConnectionError,
    PostgresError,
    Tx,
)
from yizhan.foundation.journal import store
from yizhan.foundation.journal.feed import Feed
from yizhan.foundation.journal.model import Entry
from yizhan.foundation.journal.store import SQL
from yizhan.foundation.journal.wake import Wake
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

Handler = Callable[[Tx, Sequence[Entry]], Awaitable[None]]

_TRIES = 5
_NET_SECONDS = 1.0
_LONGEST_PAUSE = 0.15
_RUSH_PACE = 0.25  # seconds from step to step in a rush: half the steps are a tenth of all the processor it takes
_LONGEST_ASIDE = 2.0
_ASIDE = 20  # a reader that steps back takes a twentieth of the time
_LATEST = timedelta(seconds=15)  # behind by so much it steps back no longer
# Classes of SQLSTATE that say nothing about the entry: rolled back for another, no room, told to stop.
_PASSING = ("40", "53", "57")


def _never() -> bool:
    return False


class _Refused(Exception):  # noqa: N818 - the handler did not take an entry
    def __init__(self, cause: Exception) -> None:
        super().__init__(repr(cause))


def _is_passing(error: Exception) -> bool:
    if isinstance(error, PostgresError):
        return isinstance(error, PostgresConnectionError) or str(getattr(error, "sqlstate", "")).startswith(_PASSING)
    return isinstance(error, DATABASE_TROUBLE) and not isinstance(error, InterfaceError | OSError)


class Reader:
    """Takes entries in order; the effect and the place are one transaction, so an effect happens exactly once.

    An entry whose handler fails five times goes to `reader_hold` and the reader goes on; `retry_held` takes it again.
    `patient` is one whose effect nobody waits for: while `crowded` says so it leaves the processor to those who are.
    """

    def __init__(
        self, db: Database, clock: Clock, name: str, handler: Handler, *, kinds: frozenset[str], batch: int = 2000,
        patient: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self.wake = Wake()
        self.crowded: Callable[[], bool] = _never
        self._patient = patient
        self._read_at: datetime | None = None  # when the last entry it took was written
        self._db = db
        self._clock = clock
        self._handler = handler
        self._kinds = kinds
        self._batch = batch
        self._failures: dict[int, int] = {}
        self._feed: Feed | None = None
        self._at: int | None = None  # where it stands, as far as this process knows
        self._noted = 0  # and as the database did when it last said so
        self._noted_at = -_NET_SECONDS

    def follow(self, feed: Feed) -> None:
        """What this process has just read for everybody is not read again for this reader."""
        self._feed = feed

        async def ring(_: Sequence[Entry]) -> None:
            self.wake.ring()

        feed.listen(ring)

    async def step(self) -> int:
        """Takes the next batch; returns how many entries were passed, wanted or not."""
        at, upto, entries = await self._next()
        if upto <= at:
            return 0
        if not entries:
            return await self._skip(at, upto)
        try:
            return await self._take(entries, at, upto)
        except _Refused as error:
            if len(entries) == 1:
                before = entries[0].pos - 1
                passed = await self._skip(at, before) if before > at else 0
                return passed + await self._failed(entries[0], error)
            log.warning("reader.batch_failed", reader=self.name, error=str(error))
        passed = 0
        for entry in entries:
            try:
                passed += await self._take([entry], at + passed, entry.pos)
            except _Refused as error:
                return passed + await self._failed(entry, error)
        return passed + await self._take([], at + passed, upto)

    async def _next(self) -> tuple[int, int, list[Entry]]:
        """The reader's place, how far it may go now, and what it wants of that. Positions have no gaps."""
        at = self._at
        read = self._feed.after(at, self._batch) if self._feed is not None and at is not None else None
        if at is not None and read is not None:
            return at, at + len(read), [entry for entry in read if entry.kind in self._kinds]
        async with self._db.pool.acquire() as connection:
            place = await connection.fetchrow(SQL.reader_at, self.name)
            if place is None:
                await connection.execute(SQL.reader_start, self.name, 0)
                place = await connection.fetchrow(SQL.reader_at, self.name)
                assert place is not None
            at = self._stand(place["pos"])
            upto = min(place["head"], at + self._batch)
            if upto <= at:
                return at, at, []
            return at, upto, await store.entries_of_kinds(cast(Tx, connection), at, upto, self._kinds)

    def _stand(self, place: int) -> int:
        """From the place the database knows. When that is before what it knew once, its server crashed and forgot the
        last effects with it: they come again, whatever this process remembers."""
        self._at = place if place < self._noted else max(place, self._at or 0)
        self._noted = place
        return self._at

    async def _pass(self, tx: Tx, at: int, upto: int) -> bool:
        """Moves the place; False when it is not where this process knows it, which must then ask."""
        place: int | None = await tx.fetchval(SQL.reader_pass, self.name, at, upto, self._noted)
        if place is None:
            self._at = None
        return place is not None

    async def _skip(self, at: int, upto: int) -> int:
        """Noted once a second: each note is a commit, and after a crash the same is passed over again."""
        self._at = upto
        if time.monotonic() - self._noted_at >= _NET_SECONDS:
            await self._note(at, upto)
        return upto - at

    async def _note(self, at: int, upto: int) -> None:
        async with self._db.pool.acquire() as connection:
            if await self._pass(cast(Tx, connection), at, upto):
                self._at = self._noted = upto
        self._noted_at = time.monotonic()

    async def _take(self, entries: Sequence[Entry], at: int, upto: int) -> int:
        """The place is moved first: that is the lock by which no two processes take the same."""
        if upto <= at:
            return 0
        self._at = None
        async with self._db.transaction() as tx:
            if not await self._pass(tx, at, upto):
                return 0
            if entries:
                await self._handle(tx, entries)
        self._at = self._noted = upto
        if entries:
            self._read_at = entries[-1].at
        for entry in entries:
            self._failures.pop(entry.pos, None)
        return upto - at

    async def _handle(self, tx: Tx, entries: Sequence[Entry]) -> None:
        """A server that went away is no fault of an entry: that goes to `run`, which waits, and counts no try."""
        try:
            await self._handler(tx, entries)
        except Exception as error:
            if tx.is_closed() or _is_passing(error):
                raise
            raise _Refused(error) from error

    async def _failed(self, entry: Entry, error: _Refused) -> int:
        tries = self._failures[entry.pos] = self._failures.get(entry.pos, 0) + 1
        log.error("reader.entry_failed", reader=self.name, pos=entry.pos, tries=tries, error=str(error))
        if tries < _TRIES:
            return 0
        async with self._db.transaction() as tx:
            if await tx.fetchval(SQL.reader_lock, self.name) >= entry.pos:
                return 0  # another process is past it by now: its place must not go back
            await store.hold(tx, self.name, entry.pos, str(error), tries, self._clock.now())
            await tx.execute(SQL.reader_move, self.name, entry.pos)
        self._failures.pop(entry.pos, None)
        return 1

    async def retry(self) -> tuple[int, int]:
        """Takes what was put aside again: (taken, still failing)."""
        return await retry_held(self._db, self.name, self._handler)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                passed = await self.step()
            except Exception as error:  # the database may be away for a moment; the place is kept there
                log.error("reader.step_failed", reader=self.name, error=repr(error))
                passed = 0
            if passed:
                await asyncio.sleep(self._pause(passed, loop.time() - began))
            if self._failures:  # no ring hurries a try: what fails now may work in a moment
                await asyncio.sleep(_NET_SECONDS)
            elif passed < self._batch and not await self.wake.wait(_NET_SECONDS):
                await self._rest()

    async def _rest(self) -> None:
        """Nobody rang for a while: then the database is asked, and told how far this is."""
        try:
            if self._at is not None and self._at != self._noted:
                await self._note(self._at, self._at)
        except DATABASE_TROUBLE as error:  # what was passed over is passed over again
            log.warning("reader.place_not_noted", reader=self.name, error=repr(error))
        self._at = None

    def _pause(self, passed: int, took: float) -> float:
        """Seconds until the next step, which took `took`."""
        if self._patient and self.crowded() and not self._late():
            return min(_LONGEST_ASIDE, _ASIDE * took)
        if passed >= self._batch:
            return 0.0
        # Many are taken together: a step costs nearly the same for one entry and for a hundred.
        return max(0.0, _RUSH_PACE - took) if self.crowded() else min(_LONGEST_PAUSE, 3 * took)

    def _late(self) -> bool:
        return self._read_at is not None and self._clock.now() - self._read_at > _LATEST


async def retry_held(db: Database, reader: str, handler: Handler) -> tuple[int, int]:
    """Takes the held events of a reader again, each in its own transaction: (taken, still failing)."""
    async with db.read() as tx:
        entries = await store.held(tx, reader)
    taken = failed = 0
    for entry in entries:
        try:
            async with db.transaction() as tx:
                if await tx.fetchval(SQL.release, reader, entry.pos) is None:
                    continue  # somebody else took it meanwhile
                await handler(tx, [entry])
            taken += 1
        except Exception as error:
            log.error("reader.retry_failed", reader=reader, pos=entry.pos, error=repr(error))
            failed += 1
    return taken, failed
