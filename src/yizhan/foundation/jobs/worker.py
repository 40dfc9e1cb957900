"""Runs jobs by pgqueuer's queue: claimed with a heartbeat, so a job whose worker died is taken by another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from yizhan.foundation.db import Database
from yizhan.foundation.jobs.model import Job
from yizhan.foundation.jobs.store import decode_payload

if TYPE_CHECKING:
    from yizhan.foundation.jobs.queue import QueuedJob, QueueManager

Handler = Callable[[Job], Awaitable[None]]

_log = logging.getLogger(__name__)
_MOST_TRIES = 5
_RECONNECT_AFTER = 1.0  # seconds
_DRAINING_POLL = timedelta(seconds=0.1)  # nobody wakes a drain when a job in hand ends or comes back


class Worker:
    """`poll` is the net under `wake`; `heartbeat` is how long a silent worker keeps its jobs; `grace` is how long
    running jobs may go on after `stop`, before they are broken off and queued again; `pause` is before the second
    try and doubles with each one more."""

    def __init__(
        self,
        db: Database,
        *,
        at_once: int = 10,
        poll: timedelta = timedelta(seconds=2),
        heartbeat: timedelta = timedelta(seconds=30),
        grace: timedelta = timedelta(seconds=20),
        pause: timedelta = timedelta(seconds=2),
    ) -> None:
        self._db = db
        self._at_once = max(2, at_once)
        self._poll = poll
        self._heartbeat = heartbeat
        self._grace = grace
        self._pause = pause
        self._handlers: dict[str, tuple[Handler, int]] = {}
        self._running: set[asyncio.Future[None]] = set()
        self._stopping = asyncio.Event()

    def register(self, kind: str, handler: Handler, *, at_once: int = 0) -> None:
        """`at_once` limits this kind over all workers, 0 for no limit. A job may run twice: make it not matter."""
        if kind in self._handlers:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        self._handlers[kind] = (handler, at_once)

    def stop(self) -> None:
        """Takes no new job; `run` returns when the running ones ended or were put back."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`, or until cancelled, which stops as gently. A lost server is waited for."""
        while not self._stopping.is_set():
            try:
                await self._work(drain=False)
            except Exception:  # a queue that stopped for any reason is a queue to be started again
                _log.warning("jobs start again on a new connection", exc_info=True)
                await self._rest(_RECONNECT_AFTER)

    async def drain(self) -> None:
        """Until nothing is queued any more, retries included."""
        await self._work(drain=True)

    async def _work(self, *, drain: bool) -> None:
        """On a connection of its own: pgqueuer wants jsonb as text, and listens."""
        import asyncpg

        from yizhan.foundation.jobs.queue import make_manager, work_off

        connection = await asyncpg.connect(self._db.dsn, server_settings={"application_name": "yizhan jobs"})
        try:
            manager = make_manager(connection)
            for kind in self._handlers:
                self._offer(manager, kind)
            poll = min(self._poll, _DRAINING_POLL) if drain else self._poll
            work = work_off(manager, at_once=self._at_once, poll=poll, heartbeat=self._heartbeat, until_empty=drain)
            running = asyncio.create_task(work, name="jobs")
            await self._attend(manager, running)
        finally:
            await connection.close(timeout=5)

    async def _attend(self, manager: "QueueManager", running: "asyncio.Task[None]") -> None:
        """pgqueuer deletes a job that is cancelled, so its own task never is: it is asked to finish."""
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            manager.shutdown.set()
            await asyncio.shield(self._finish(running))

    async def _finish(self, running: "asyncio.Task[None]") -> None:
        await asyncio.wait({running}, timeout=self._grace.total_seconds())
        for handling in self._running:
            handling.cancel()
        await running

    def _offer(self, manager: "QueueManager", kind: str) -> None:
        handler, at_once = self._handlers[kind]

        async def handle(queued: "QueuedJob") -> None:
            await self._handle(handler, queued)

        manager.entrypoint(kind, concurrency_limit=at_once, accepts_context=False, on_failure="hold")(handle)

    async def _handle(self, handler: Handler, queued: "QueuedJob") -> None:
        from yizhan.foundation.jobs.queue import RetryRequested

        job = Job(queued.id, queued.entrypoint, decode_payload(queued.payload), queued.attempts)
        handling: asyncio.Future[None] = asyncio.ensure_future(handler(job))
        self._running.add(handling)
        try:
            await asyncio.wait({handling})
        finally:
            self._running.discard(handling)
        if handling.cancelled():
            raise RetryRequested(delay=timedelta(0), reason="the worker stopped")
        error = handling.exception()
        if error is None:
            return
        if job.tries + 1 < _MOST_TRIES and isinstance(error, Exception):
            raise RetryRequested(delay=self._pause * 2**job.tries, reason=repr(error)) from error
        raise error

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
