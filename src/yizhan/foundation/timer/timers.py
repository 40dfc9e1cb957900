"""Fires what is due, in order, each timer with its effect in one transaction."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.timer.model import Timer
from yizhan.foundation.timer.store import delete_timer, lock_next_due, next_due, note_failure

Handler = Callable[[Tx, Timer, datetime], Awaitable[None]]

_log = logging.getLogger(__name__)
_MOST_TRIES = 5
_NET = timedelta(seconds=1)  # look at least so often: a nearer timer may have been set by another process


class _Failed(Exception):  # noqa: N818 - rolls the handler's effect back and carries what it was
    def __init__(self, timer: Timer, cause: Exception) -> None:
        super().__init__(timer.kind)
        self.timer = timer
        self.cause = cause


class Timers:
    """`pause` is before the second try and doubles at each one more. Without a lease anybody fires: tests, tools."""

    def __init__(
        self, db: Database, clock: Clock, lease: Lease | None = None, *, pause: timedelta = timedelta(seconds=1)
    ) -> None:
        self._db = db
        self._clock = clock
        self._lease = lease
        self._pause = pause
        self._handlers: dict[str, Handler] = {}
        self._wake = asyncio.Event()

    def register(self, kind: str, handler: Handler) -> None:
        """The handler's effect and the end of the timer are one transaction. `now` may be later than `timer.due`."""
        if kind in self._handlers:
            raise ValueError(f"two handlers for timers of kind {kind}")
        self._handlers[kind] = handler

    def wake(self) -> None:
        """After the commit of a timer that may be nearer than all others."""
        self._wake.set()

    async def fire_due(self, now: datetime) -> int:
        """Fires everything due by `now`, also what the handlers set meanwhile; returns how many did their work."""
        fired = 0
        while True:
            try:
                if not await self._fire_one(now):
                    return fired
                fired += 1
            except _Failed as failed:
                await self._note_failure(failed)

    async def run(self) -> None:
        """For ever, while the lease is held (its context belongs to the caller); a lost server is waited for."""
        while True:
            self._wake.clear()
            rest = _NET.total_seconds()
            try:
                if self._lease:
                    await self._lease.acquired()
                await self.fire_due(self._clock.now())
                rest = await self._rest()
            except LeaseLost:
                _log.warning("timers stop here: their lease is somebody else's")
            except DATABASE_TROUBLE as error:
                _log.warning("timers wait for the database: %s", error)
            try:
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _fire_one(self, now: datetime) -> bool:
        async with self._db.transaction() as tx:
            if self._lease:
                await self._lease.check(tx)
            timer = await lock_next_due(tx, now)
            if timer is None:
                return False
            try:
                await self._handle(tx, timer, now)
            except LeaseLost:
                raise
            except Exception as error:
                raise _Failed(timer, error) from error
            await delete_timer(tx, timer)
        return True

    async def _handle(self, tx: Tx, timer: Timer, now: datetime) -> None:
        handler = self._handlers.get(timer.kind)
        if handler is None:
            raise LookupError(f"no handler for timers of kind {timer.kind}")
        await handler(tx, timer, now)

    async def _note_failure(self, failed: _Failed) -> None:
        text = "".join(traceback.format_exception(failed.cause))[-4000:]
        async with self._db.transaction() as tx:
            held = await note_failure(tx, failed.timer, text, _MOST_TRIES, self._pause)
        outcome = "held" if held else "to be tried again"
        _log.error("timer %d (%s) failed, %s", failed.timer.id, failed.timer.kind, outcome, exc_info=failed.cause)

    async def _rest(self) -> float:
        """Seconds until there may be something to do."""
        async with self._db.read() as tx:
            due, retry_in = await next_due(tx)
        rests = [_NET.total_seconds()]
        if due:
            rests.append((due - self._clock.now()).total_seconds())
        if retry_in is not None:
            rests.append(retry_in)
        return max(0.0, min(rests))
