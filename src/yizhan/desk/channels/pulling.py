"""Channels that must be asked: page after page under the inbox's lease, woken by the vendor's nudge or by time."""

from __future__ import annotations

import asyncio
from typing import Any

from yizhan.desk.channels.contract import Adapter, Line
from yizhan.desk.channels.taking import Taking
from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.errors import DomainError
from yizhan.foundation.journal import Wake
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records import inboxes

log = get_logger(__name__)

CURSOR = "pull"
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
_MOST_PAGES = 1_000


class Puller:
    """One at a time for an inbox. A page that fails is asked for again: its cursor has not moved."""

    def __init__(self, db: Database, adapter: Adapter, line: Line, taking: Taking, lease: Lease) -> None:
        assert adapter.pull is not None
        self.wake = Wake()
        self._db = db
        self._pull = adapter.pull
        self._every = adapter.pull_every
        self._line = line
        self._taking = taking
        self._lease = lease
        self._token = ""
        self._failed = 0

    def nudge(self, token: str) -> None:
        self._token = token
        self.wake.ring()

    async def run(self, stopped: asyncio.Event) -> None:
        async with self._lease:
            while not stopped.is_set():
                await self._lease.acquired()
                await self.wake.wait(await self._turn())

    async def _turn(self) -> float:
        """How long to wait for the next, in seconds."""
        try:
            await self.drain()
        except LeaseLost:
            log.warning("channels.pull_lease_lost", inbox=self._line.account.key)
            return 1.0
        except (DomainError, *DATABASE_TROUBLE) as error:
            self._failed += 1
            log.error("channels.pull_failed", inbox=self._line.account.key, error=repr(error))
            return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(self._failed - 1, 10)))
        self._failed = 0
        return float(self._every.total_seconds())

    async def drain(self) -> None:
        """Every page there is."""
        account = self._line.account
        async with self._db.read() as tx:
            at = await inboxes.cursor(tx, account.inbox_id, CURSOR)
        token, self._token = self._token, ""
        try:
            await self._pages(at, token)
        except BaseException:
            self._token = self._token or token  # good for the next try: without one some vendors hardly answer
            raise

    async def _pages(self, at: Any, token: str) -> None:
        for _ in range(_MOST_PAGES):
            page = await self._pull(self._line, at, token)
            now = self._line.clock.now()
            await self._taking.take_page(
                self._line.account, page.happenings, now, cursor=CURSOR, at=page.cursor, check=self._lease.check
            )
            at = page.cursor
            if not page.more:
                return
