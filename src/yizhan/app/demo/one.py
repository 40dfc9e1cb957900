"""Many transactions inside one: nobody sees the month before it is whole, and a failure leaves what was there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yizhan.foundation.db import Database, Tx


class WithinOne(Database):
    """Looks like the database to those who open transactions; each becomes a part of the one that goes on."""

    def __init__(self, db: Database, tx: Tx) -> None:
        super().__init__(db.pool, db.dsn)
        self._tx = tx
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        async with self._turn, self._tx.transaction():
            yield self._tx
