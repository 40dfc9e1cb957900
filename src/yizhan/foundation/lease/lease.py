"""A lease as an async context: it tries to take the name, renews it, and tries again when it lost it."""

import asyncio
import logging
import time
from datetime import timedelta
from types import TracebackType
from typing import Self, cast

from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx, load_queries
from yizhan.foundation.errors import DomainError

SQL = load_queries(__package__)
_log = logging.getLogger(__name__)


class LeaseLost(DomainError):  # noqa: N818 - what happened
    """Somebody else holds the lease by now, or nobody: what was about to be written must not be."""

    code = "lease_lost"


class Lease:
    """`holder` must be unique to this process and start: a restart under the old name would look like the old one.

    `held` and `term` are what we believe; only `check(tx)` knows.
    """

    def __init__(self, db: Database, name: str, holder: str, life: timedelta = timedelta(seconds=10)) -> None:
        self.name = name
        self.holder = holder
        self.term = 0
        self._db = db
        self._life = life
        self._good_until = 0.0  # on our monotonic clock, counted from before we asked: never later than the database's
        self._acquired = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def held(self) -> bool:
        """Turns false by itself when renewals stop getting through."""
        return self.term > 0 and time.monotonic() < self._good_until

    async def __aenter__(self) -> Self:
        """Tries once before it returns, so that where there is no rival the lease is held at once."""
        await self.step()
        self._keeper = asyncio.create_task(self._keep(), name=f"lease {self.name}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        try:
            await self.release()
        except DATABASE_TROUBLE as unreachable:
            _log.warning("lease %s could not be given up and will expire: %s", self.name, unreachable)

    async def acquired(self) -> None:
        """Returns when the lease is held, at once if it is."""
        while not self.held:
            self._acquired.clear()
            await self._acquired.wait()

    async def check(self, tx: Tx) -> None:
        """Raises LeaseLost unless the lease is ours now; it then stays ours until `tx` ends."""
        if not await tx.fetchval(SQL.check_lease, self.name, self.holder, self.term):
            raise LeaseLost(f"the lease {self.name} is not ours in term {self.term}")

    async def step(self) -> None:
        """Renews what we hold, else tries to take it. Called by itself at every third of a life."""
        asked = time.monotonic()
        async with self._db.pool.acquire() as connection:
            if self.term:
                term = await connection.fetchval(SQL.renew_lease, self.name, self.holder, self.term, self._life)
                if term is None:
                    _log.warning("lease %s was lost in term %d", self.name, self.term)
                    self.term = 0
                    return
            else:
                term = await self._take(cast(Tx, connection))
        if term:
            self.term = term
            self._good_until = asked + self._life.total_seconds()
            self._acquired.set()

    async def _take(self, connection: Tx) -> int | None:
        """A holder that was frozen inside a transaction keeps the row: when its time is over its connection is cut."""
        taking = asyncio.ensure_future(connection.fetchval(SQL.take_lease, self.name, self.holder, self._life))
        try:
            done, _ = await asyncio.wait({taking}, timeout=self._life.total_seconds() / 3)
            if not done:
                async with self._db.pool.acquire() as other:
                    await other.execute(SQL.cut_frozen, connection.get_server_pid(), self.name)
            term: int | None = await taking
            return term
        finally:
            if not taking.done():
                taking.cancel()
                await asyncio.gather(taking, return_exceptions=True)

    async def release(self) -> None:
        """Gives the lease up before its time; the next holder need not wait."""
        if self.term:
            async with self._db.pool.acquire() as connection:
                await connection.execute(SQL.release_lease, self.name, self.holder, self.term)
            self.term = 0

    async def _keep(self) -> None:
        third = self._life.total_seconds() / 3
        while True:
            await asyncio.sleep(third)
            try:
                async with asyncio.timeout(self._life.total_seconds()):
                    await self.step()
            except DATABASE_TROUBLE as error:
                # `held` runs out by itself; the next step may find the server again.
                _log.warning("lease %s could not be renewed: %s", self.name, error)
