"""A house in which things are raised: its journal is drained and its reader of notices steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec

from yizhan.desk import notices
from yizhan.desk.notices import NoticePage
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Event, Reader, Sequencer, Wake, emit
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import NewAgent


class Raising(msgspec.Struct):
    db: Database
    clock: FakeClock
    sequencer: Sequencer
    readers: list[Reader]

    async def hire(self, name: str, role: str = "agent") -> UUID:
        now = self.clock.now()
        async with self.db.transaction() as tx:
            await agents.ensure_roles(tx, now)
            role_id = await tx.fetchval("SELECT id FROM role WHERE key = $1", role)
            return await agents.create_agent(tx, NewAgent(login=name, name=name, role_id=role_id), now, "test")

    async def happens(self, what: str, subject: UUID | None = None, **fields: Any) -> UUID:
        subject = subject or uuid4()
        links = {name: fields.pop(name) for name in ("team_id", "ticket_id", "brand_id") if name in fields}
        async with self.db.transaction() as tx:
            await emit(tx, [Event(
                kind=what, subject=subject, subject_version=1, at=self.clock.now(), actor="system", data=fields, **links
            )])  # fmt: skip
        await self.settle()
        return subject

    async def raises(self, why: str, people: list[UUID], subject: UUID | None = None, **fields: Any) -> UUID:
        said = {"who": ["handler"], "how": "notify", "why": why, "agents": people, **fields}
        return await self.happens("notice.raised", subject, **said)

    async def settle(self) -> None:
        for _ in range(20):
            moved = await self.sequencer.drain()
            for reader in self.readers:
                moved += await reader.step()
            if not moved:
                return
        raise AssertionError("it does not come to rest")

    async def page(
        self, agent_id: UUID, *, unread: bool = False, before: UUID | None = None, count: int = 30
    ) -> NoticePage:
        async with self.db.read() as tx:
            return await notices.page(tx, agent_id, unread=unread, before=before, count=count)

    async def events(self, kind: str) -> list[dict[str, Any]]:
        rows = await self.db.pool.fetch("SELECT * FROM event WHERE kind = $1 ORDER BY pos", kind)
        return [dict(row) for row in rows]


async def open_raising(db: Database, clock: FakeClock, readers: list[Reader] | None = None) -> Raising:
    lease = Lease(db, "journal", "here")
    await lease.step()
    found = readers if readers is not None else [notices.notice_reader(db, clock)]
    return Raising(db, clock, Sequencer(db, lease, Wake(), lambda pos: None), found)
