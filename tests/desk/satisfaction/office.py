"""A floor that asks its customers how it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import clocks, routing, satisfaction, serving
from yizhan.desk.intake import Accepted
from yizhan.desk.satisfaction import Given, SatisfactionBook, satisfaction_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import conversations
from yizhan.records.config import TypeBook
from yizhan.records.conversations import Draft, EndReason
from yizhan.records.ratings import RatingRecord, Way
from yizhan.records.tickets import Action, By

HOUR = timedelta(hours=1)


def link(conversation_id: UUID, until: datetime) -> str:
    return f"https://shop.example/rate/{conversation_id.hex[-6:]}"


class Asking(msgspec.Struct):
    floor: Floor
    book: SatisfactionBook

    @property
    def now(self) -> datetime:
        return self.floor.clock.now()

    async def answers(self, done: Accepted, agent: UUID, text: str = "马上为您查") -> None:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            draft = Draft(direction="out", author=f"agent:{agent}", text=text)
            await serving.reply(tx, done.conversation_id, draft, now=self.now)
        await self.floor.settle()

    async def ends(self, done: Accepted, reason: EndReason = EndReason.CUSTOMER) -> None:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            await serving.end_by_customer(tx, done.conversation_id, reason=reason, actor="customer:x", now=self.now)
        await self.floor.settle()

    async def closes(self, done: Accepted, agent: UUID) -> None:
        """A mail's conversation ends with its ticket."""
        assert done.ticket_id is not None
        for action in (Action.SOLVE, Action.CONFIRM):
            async with self.floor.db.transaction() as tx:
                by = By(f"agent:{agent}", agent)
                await serving.move(tx, done.ticket_id, action, text="已回复处理办法", by=by, now=self.now)
        await self.floor.settle()

    async def hands(self, done: Accepted, agent: UUID) -> None:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            await routing.take_over(
                tx, done.conversation_id, agent, note="换人跟进", by=By(f"agent:{agent}", agent), now=self.now
            )
        await self.floor.settle()

    async def rates(self, done: Accepted, stars: int | None, solved: bool | None = None, **said: Any) -> RatingRecord:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            c = await conversations.lock_conversation(tx, done.conversation_id)
            way = said.pop("way", Way.WINDOW)
            given = Given(stars=stars, solved=solved, **said)
            record = await satisfaction.rate(
                tx, c.id, given, self.book, way=way, actor=f"customer:{c.contact_id}", now=self.now
            )
        await self.floor.settle()
        return record

    async def survey(self, done: Accepted) -> dict[str, Any] | None:
        row = await self.floor.db.pool.fetchrow("SELECT * FROM survey WHERE conversation_id = $1", done.conversation_id)
        return dict(row) if row is not None else None

    async def asked(self, done: Accepted) -> bool:
        row = await self.survey(done)
        return row is not None and row["asked_at"] is not None

    async def notices(self) -> list[dict[str, Any]]:
        rows = await self.floor.db.pool.fetch("SELECT data FROM event WHERE kind = 'notice.raised' ORDER BY pos")
        return [row["data"] for row in rows if row["data"]["why"].startswith("rating.")]


async def open_asking(db: Database, clock: FakeClock) -> Asking:
    book = satisfaction_book()
    floor = await open_floor(
        db, clock, [clocks.clock_reader(db, clock), satisfaction.satisfaction_reader(db, clock, book)]
    )
    satisfaction.register_timers(floor.timers, book, TypeBook(), link, link)
    clocks.register_timers(floor.timers)
    routing.register_timers(floor.timers)
    return Asking(floor, book)
