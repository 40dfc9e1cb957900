"""A house with one connector to a stand-in CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tests.standins.crm import Crm
from yizhan.desk import connectors
from yizhan.desk.connectors import CONNECTOR, PULL, Caller, Connector, Looked, Lookups, Pulls
from yizhan.desk.sources import ProfileBook
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job
from yizhan.foundation.tokens import Tokens
from yizhan.records import contacts, orders
from yizhan.records.config import Document, Kinds, Published
from yizhan.records.contacts import Identifier

MOBILE = "13800000042"


class Room:
    """`document` is what is in force."""

    def __init__(self, db: Database, clock: FakeClock, crm: Crm) -> None:
        self.db, self.clock, self.crm = db, clock, crm
        self.vault = Vault(new_keyring())
        self.http = Http(Guard(["127.0.0.1"]))
        self.caller = Caller(self.http, clock, Tokens(db, self.vault, clock))
        self.document: dict[str, Any] = crm.document()
        book = ProfileBook()
        parts = (db, clock, self.vault, self.caller, self.published, lambda: book.now)
        self.lookups, self.pulls = Lookups(*parts), Pulls(*parts)

    def published(self) -> Published:
        said = Document(new_id(self.clock.now()), "connector", "crm", 1, self.document, self.clock.now(), "test", "")
        return Published(Kinds([CONNECTOR]), 1, (said,))

    @property
    def connector(self) -> Connector:
        return CONNECTOR.decode(self.document)

    async def customer(self, mobile: str = MOBILE, verified: datetime | None = None) -> UUID:
        now = self.clock.now()
        async with self.db.transaction() as tx:
            [made] = await contacts.find_or_create(
                tx, self.vault, [[Identifier("phone", f"+86{mobile}", verified or now)]], now=now, by="test"
            )
        return made

    async def secrets(self, **given: str | None) -> None:
        async with self.db.transaction() as tx:
            await connectors.keep_secrets(
                tx, self.vault, "crm", self.connector, given, now=self.clock.now(), by="test"
            )  # fmt: skip

    async def look(self, contact: UUID) -> Looked:
        [found] = await self.lookups.look_up(contact)
        return found

    async def orders(self, contact: UUID) -> list[tuple[str, str, int]]:
        async with self.db.read() as tx:
            found = await orders.orders_of(tx, await connectors.records_of(tx, contact))
        return [(each.number, str(each.status), each.total_fen) for each in found]

    async def pull(self, run: UUID | None = None) -> connectors.Run:
        """Begins one and does its job, once."""
        async with self.db.transaction() as tx:
            run = run or await connectors.begin_pull(tx, "crm", "hand", self.clock.now())
        await self.pulls.run(Job(1, PULL, {"connector": "crm", "run": str(run)}))
        async with self.db.read() as tx:
            return next(each for each in await connectors.runs(tx, "crm", 30) if each.id == run)

    async def told(self) -> list[str]:
        rows = await self.db.pool.fetch("SELECT kind FROM event_new WHERE kind LIKE 'connector.%' ORDER BY seq")
        return [row["kind"] for row in rows]

    async def count(self, table: str) -> int:
        number: int = await self.db.pool.fetchval(f"SELECT count(*) FROM {table}")
        return number
