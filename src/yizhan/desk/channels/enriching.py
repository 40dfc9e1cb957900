"""Who new customers are by their vendor: asked in the background after they first wrote or followed.

Never while a message is taken in: what the vendor says comes when it comes, and joins a customer to himself on other
channels. Where it says nothing just now, it is asked again; the cursor stays until it has answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.channels.contract import Adapter, Line
from yizhan.desk.channels.store import SQL
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Record, Tx
from yizhan.foundation.errors import DomainError
from yizhan.foundation.ids import id_floor
from yizhan.foundation.journal import Wake
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import clean
from yizhan.records import contacts, inboxes
from yizhan.records.contacts import Identifier, Keyed

log = get_logger(__name__)

CURSOR = "enrich"
NICKNAME = "nickname"
_BY = "system"
_AT_ONCE = 100
_MOST = 1_000
_LOOKS_BACK = timedelta(hours=1)  # at the first run
_SETTLED_AFTER = timedelta(seconds=10)  # ids are older than their commits
_NET_SECONDS, _BETWEEN_SECONDS = 60.0, 0.5
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 3_600.0


class Enricher:
    """One at a time for an inbox whose adapter can `enrich`."""

    def __init__(self, db: Database, vault: Vault, adapter: Adapter, line: Line, lease: Lease) -> None:
        assert adapter.enrich is not None
        self.wake = Wake()
        self.channel = adapter.name
        self._db = db
        self._vault = vault
        self._ask = adapter.enrich
        self._line = line
        self._lease = lease
        self._asked: set[UUID] = set()  # beyond the cursor, so that they are not asked for twice
        self._failed = 0

    async def run(self, stopped: asyncio.Event) -> None:
        async with self._lease:
            while not stopped.is_set():
                await self._lease.acquired()
                await self.wake.wait(await self._turn())
                await asyncio.sleep(_BETWEEN_SECONDS)  # many newcomers are asked for together

    async def _turn(self) -> float:
        """How long to wait for the next, in seconds."""
        try:
            await self.step()
        except LeaseLost:
            log.warning("channels.enrich_lease_lost", inbox=self._line.account.key)
            return 1.0
        except (DomainError, *DATABASE_TROUBLE) as error:
            self._failed += 1
            log.warning("channels.enrich_failed", inbox=self._line.account.key, error=repr(error))
            return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(self._failed - 1, 11)))
        self._failed = 0
        return _NET_SECONDS

    async def step(self) -> int:
        """Asks for all who are new; how many they were."""
        now = self._line.clock.now()
        settled = id_floor(now - _SETTLED_AFTER)
        after = await self._after(now)
        async with self._db.read() as tx:
            rows = await tx.fetch(SQL.newcomers, self._line.account.inbox_id, after, _MOST)
        fresh = [row for row in rows if row["place"] not in self._asked]
        for at in range(0, len(fresh), _AT_ONCE):
            await self._enrich(fresh[at : at + _AT_ONCE], now)
        last = rows[-1]["place"] if len(rows) == _MOST else settled
        await self._advance(max(after, min(last, settled)))
        return len(fresh)

    async def _after(self, now: datetime) -> UUID:
        async with self._db.read() as tx:
            kept = await inboxes.cursor(tx, self._line.account.inbox_id, CURSOR)
        return UUID(kept) if isinstance(kept, str) else id_floor(now - _LOOKS_BACK)

    async def _advance(self, to: UUID) -> None:
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            await inboxes.save_cursor(tx, self._line.account.inbox_id, CURSOR, str(to))
        self._asked = {each for each in self._asked if each > to}

    async def _enrich(self, rows: Sequence[Record], now: datetime) -> None:
        known = {value: row for row in rows if (value := await self._address(row)) is not None}
        proofs: Mapping[str, Sequence[Identifier]] = await self._ask(self._line, list(known)) if known else {}
        told = {value: found for value, found in proofs.items() if found and value in known}
        said = [
            [
                _sender(known[value], value),
                *(contacts.keyed(self._vault, each) for each in found if each.kind != NICKNAME),
            ]
            for value, found in told.items()
        ]
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            reached = await contacts.reach(tx, self._vault, said, now=now, by=_BY, channel=self.channel)
            for (value, found), who in zip(told.items(), reached, strict=True):
                await _name(tx, who.contact_id, {value, known[value]["masked"]}, found, now)
        self._asked |= {row["place"] for row in rows}

    async def _address(self, row: Record) -> str | None:
        """None of a customer who was erased meanwhile."""
        try:
            async with self._db.read() as tx:
                return await contacts.open_identity(tx, self._vault, row["id"])
        except (DomainError, ValueError):
            return None


async def _name(tx: Tx, contact_id: UUID, address: set[str], found: Sequence[Identifier], now: datetime) -> None:
    """Who is still called by his address is called as he calls himself there; any better name stays."""
    said = next((clean(each.value) for each in found if each.kind == NICKNAME), "")
    if said and (await contacts.contact(tx, contact_id)).name in address:
        await contacts.rename(tx, contact_id, said, actor=_BY, now=now)


def _sender(row: Record, value: str) -> Keyed:
    return Keyed(row["kind"], value, row["blind"], row["masked"], False, row["inbox_id"], None)
