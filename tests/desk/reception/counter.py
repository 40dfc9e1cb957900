"""A floor whose customers meet the assistant first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import clocks, reception, supervision
from yizhan.desk.intake import Accepted
from yizhan.desk.priority import Prioritiser, priority_book
from yizhan.desk.reception import RECEPTION, Attendance, Desk, ReceptionBook, reception_book
from yizhan.desk.triage import DeadlineNet, triage_reader
from yizhan.desk.words import WordListener, word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.records.config import Body, Document, Kinds, Published

ENTRIES: list[Body] = [
    {"key": "refund", "questions": ["退款多久到账?", "退的钱什么时候到"], "answer": "1-3 个工作日原路退回。",
     "answer_en": "Within three working days."},
    {"key": "invoice", "questions": ["怎么申请电子发票?", "发票在哪里开"], "answer": "订单详情页点「申请发票」。"},
    {"key": "address", "questions": ["下单后还能改收货地址吗?", "地址写错了怎么改"], "answer": "出库前可以自己改。"},
    {"key": "filter", "questions": ["滤芯多久换一次?"], "answer": "每 6 个月。", "products": ["净水器"]},
]  # fmt: skip


def book_of(said: Body) -> ReceptionBook:
    book = reception_book()
    at = datetime(2026, 3, 2, tzinfo=UTC)
    document = Document(new_id(at), "reception", "default", 1, {"entries": ENTRIES, **said}, at, "test", "")
    book.take(Published(Kinds([RECEPTION]), 1, [document]))
    return book


class Counter(msgspec.Struct):
    """`there` is what the inbox's hours and people say."""

    floor: Floor
    desk: Desk
    there: list[Attendance]
    net: DeadlineNet

    @property
    def now(self) -> datetime:
        return self.floor.clock.now()

    async def says(self, who: str, text: str) -> Accepted:
        return await self.floor.says(who, text)

    async def asks_person(self, done: Accepted) -> None:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            await reception.ask_for_person(tx, done.conversation_id, self.desk, now=self.now)
        await self.floor.settle()

    async def asks_assistant(self, done: Accepted) -> None:
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            await reception.ask_first(tx, done.conversation_id, self.desk, now=self.now)
        await self.floor.settle()

    async def leaves(self, done: Accepted) -> None:
        """As the watch at night leaves what wakes nobody."""
        assert done.conversation_id is not None
        async with self.floor.db.transaction() as tx:
            await reception.leave_words(tx, done.conversation_id, self.desk, self.now)
        await self.floor.settle()

    async def chat(self, done: Accepted) -> dict[str, Any]:
        return dict(await self.floor.row("conversation", done.conversation_id))

    async def ticket(self, done: Accepted) -> dict[str, Any]:
        return dict(await self.floor.row("ticket", done.ticket_id))

    async def said(self, done: Accepted, direction: str = "out") -> list[dict[str, Any]]:
        """What the customer reads of us."""
        rows = await self.floor.db.pool.fetch(
            "SELECT author, text, payload FROM message WHERE conversation_id = $1 AND direction = $2 ORDER BY id",
            done.conversation_id, direction,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def notes(self, done: Accepted) -> list[str]:
        rows = await self.floor.db.pool.fetch(
            "SELECT text FROM note WHERE ticket_id = $1 AND actor = 'bot' ORDER BY id", done.ticket_id
        )
        return [row["text"] for row in rows]


async def open_counter(db: Database, clock: FakeClock, **said: object) -> Counter:
    there = [Attendance(open=True, staffed=True)]

    async def attended(tx: Tx, inbox_id: UUID, team_id: UUID | None, locale: str, now: datetime) -> Attendance:
        return there[0]

    desk = Desk(book_of({"begins": "always", **said}), word_book(), attended)
    floor = await open_floor(
        db, clock, [clocks.clock_reader(db, clock), reception.reception_reader(db, clock, desk)]
    )  # fmt: skip
    judges = (WordListener(word_book()), Prioritiser(priority_book()))
    gate = reception.Gate(desk, supervision.teams_bot_first)
    floor.readers[0] = triage_reader(db, clock, judges=judges, gate=gate)
    reception.register_timers(floor.timers, desk)
    clocks.register_timers(floor.timers)
    supervision.register_timers(floor.timers)
    return Counter(floor, desk, there, DeadlineNet(db, clock))
