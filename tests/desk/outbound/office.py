"""A shop whose vendor is a list: it notes what it is given and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import serving
from yizhan.desk.outbound import Dispatcher, Letter, Mark, Receipt, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease
from yizhan.records.conversations import Draft

Answer = Receipt | SendFailed | Exception


class Vendor:
    """Answers are taken in turn; without one it accepts. `during` runs while the call is on the line."""

    def __init__(self, *answers: Answer, idempotent: bool = False) -> None:
        self.idempotent = idempotent
        self.letters: list[Letter] = []
        self.answers = list(answers)
        self.during: Callable[[Letter], Awaitable[None]] | None = None
        self.closed = False

    @property
    def texts(self) -> list[str]:
        return [letter.text for letter in self.letters]

    def mark(self, letter: Letter) -> Mark | None:
        return Mark(f"{letter.message_id}@shop.test", letter.message_id.bytes)

    async def send(self, letter: Letter) -> Receipt:
        self.letters.append(letter)
        if self.during is not None:
            await self.during(letter)
        answer = self.answers.pop(0) if self.answers else Receipt(f"v{len(self.letters)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed = True


class Office(msgspec.Struct):
    shop: Shop
    clock: FakeClock
    vendor: Vendor
    agent: UUID

    @property
    def db(self) -> Database:
        return self.shop.db

    async def asked(self, who: str = "zhang@customer.test", text: str = "在吗？") -> UUID:
        """A customer writes; the conversation that came of it."""
        message = says(self.shop.mail, who, text, self.clock.now(), subject="电饭煲", external_id=f"{who}-{text}")
        (accepted,) = await self.shop.intake.accept_batch([message])
        assert accepted.conversation_id
        return accepted.conversation_id

    async def reply(self, conversation_id: UUID, text: str, **more: Any) -> UUID:
        self.clock.advance(timedelta(milliseconds=1))
        draft = Draft(direction="out", author=f"agent:{self.agent}", text=text, **more)
        async with self.db.transaction() as tx:
            return (await serving.reply(tx, conversation_id, draft, now=self.clock.now())).message_id

    def dispatcher(self, holder: str = "one", vendor: Vendor | None = None) -> tuple[Dispatcher, Lease]:
        lease = Lease(self.db, f"outbound:{self.shop.mail}", holder)
        made = Dispatcher(self.db, self.clock, self.shop.vault, self.shop.mail, vendor or self.vendor, lease)
        return made, lease

    async def send_all(self) -> None:
        """Turns until nothing more is due."""
        dispatcher, lease = self.dispatcher()
        async with lease:
            await turns(dispatcher)

    async def state(self, message_id: UUID) -> dict[str, Any]:
        row = await self.db.pool.fetchrow(
            "SELECT o.state, o.attempt, o.next_at, o.error_class, o.vendor_id, m.delivery, m.delivery_error,"
            " m.external_id FROM outbound o JOIN message m ON m.id = o.message_id WHERE o.message_id = $1",
            message_id,
        )
        assert row is not None
        return dict(row)

    async def deliveries(self, message_id: UUID) -> list[str]:
        """What the agents were told, in order."""
        rows = await self.db.pool.fetch(
            "SELECT data FROM event_new WHERE kind = 'message.delivery' AND subject = $1 ORDER BY seq", message_id
        )
        return [row["data"]["delivery"] for row in rows]


async def turns(dispatcher: Dispatcher, count: int = 20) -> None:
    for _ in range(count):
        await dispatcher.turn()
        if not dispatcher.on_the_line:
            return
        await dispatcher.drain()


async def open_office(db: Database, clock: FakeClock, *answers: Answer, idempotent: bool = False) -> Office:
    agent = new_id(clock.now())
    return Office(await open_shop(db, clock), clock, Vendor(*answers, idempotent=idempotent), agent)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the other side is a coroutine of the same loop
            await asyncio.sleep(0)
