"""正在输入: the customer sees that somebody writes, where his channel can show it. Nobody waits for it, and what cannot
be shown is not missed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.channels.contract import Adapter, Line
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger
from yizhan.records import contacts

log = get_logger(__name__)

_EVERY = timedelta(seconds=8)
_MOST = 1_000  # customers remembered

Find = Callable[[str], Adapter | None]
OpenLine = Callable[[UUID], Awaitable[Line]]


class Writing:
    """One for each process."""

    def __init__(self, db: Database, vault: Vault, clock: Clock, find: Find, open_line: OpenLine) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._find = find
        self._open_line = open_line
        self._told: dict[UUID, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, channel: str, inbox_id: UUID, identity_id: UUID) -> None:
        """At every key an agent presses: the vendor is told now and then."""
        found, now = self._find(channel), self._clock.now()
        if found is None or found.typing is None:
            return
        told = self._told.get(identity_id)
        if told is not None and now - told < _EVERY:
            return
        if len(self._told) >= _MOST:
            self._told = {id: at for id, at in self._told.items() if now - at < _EVERY}
        self._told[identity_id] = now
        task = asyncio.create_task(self._tell(found.typing, inbox_id, identity_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """When everybody who is to know has been told."""
        if self._tasks:
            await asyncio.gather(*self._tasks)

    async def _tell(self, typing: Callable[[Line, str], Awaitable[None]], inbox_id: UUID, identity_id: UUID) -> None:
        try:
            line = await self._open_line(inbox_id)
            async with self._db.read() as tx:
                address = await contacts.open_identity(tx, self._vault, identity_id)
            await typing(line, address)
        except (DomainError, ValueError, *DATABASE_TROUBLE) as failure:
            log.debug("channels.typing_not_shown", inbox=str(inbox_id), error=repr(failure))
