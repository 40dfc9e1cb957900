"""A house on a real database with one inbox of the channel, its vendor on a loopback port, and the wire between."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
import uvicorn

from yizhan.app.contract.case import Case
from yizhan.app.house import House, open_house
from yizhan.app.listening import begin, open_socket
from yizhan.app.services import services_of
from yizhan.app.settings import load_settings
from yizhan.channels import adapter
from yizhan.desk import serving
from yizhan.desk.channels import Account, Adapter, Line, stand
from yizhan.desk.outbound import Dispatcher, Letter, Sender
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import load_queries
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease
from yizhan.records import agents, inboxes, outbox
from yizhan.records.conversations import Draft
from yizhan.records.inboxes import NewInbox
from yizhan.simulator import Bubble, Human, Person, Push, Vendor, Wire, sample
from yizhan.web.app import build_app
from yizhan.web.asgi import App

SQL = load_queries(__package__)
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_EARLIER = 30
_numbers = itertools.count(1)


class Stored(msgspec.Struct, frozen=True):
    """A message as it was stored."""

    id: UUID
    conversation_id: UUID
    external_id: str | None
    kind: str
    text: str
    payload: dict[str, Any] | None
    attachments: list[dict[str, Any]] | None
    raw: str | None


class Floor(msgspec.Struct):
    """A house and its web application; the clock stands still until it is moved."""

    house: House
    app: App
    clock: FakeClock
    brand: UUID


@asynccontextmanager
async def open_floor(dsn: str) -> AsyncIterator[Floor]:
    """On a migrated database."""
    clock = FakeClock(START)
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({
            "YIZHAN_DATA": folder, "YIZHAN_DATABASE_URL": dsn, "YIZHAN_BUS_URL": "local", "YIZHAN_RATE_LIMIT": "0",
            "YIZHAN_ALLOW_HOSTS": "127.0.0.1",
        })  # fmt: skip
        async with open_house(settings, dsn, clock) as house:
            app = build_app(services_of(house))
            async with house.db.transaction() as tx:
                brand = await agents.create_brand(tx, f"b{next(_numbers)}", "契约", clock.now(), "system")
            yield Floor(house, app, clock, brand)


class Trial:
    """One adapter in one inbox. Every check has a customer of its own."""

    def __init__(self, floor: Floor, case: Case, found: Adapter, vendor: Vendor, account: Account, http: Any) -> None:
        self.floor = floor
        self.case = case
        self.adapter = found
        self.vendor = vendor
        self.account = account
        self._http: httpx.AsyncClient = http

    @property
    def clock(self) -> FakeClock:
        return self.floor.clock

    @property
    def line(self) -> Line:
        return self.floor.house.the_adapting.line_of(self.account)

    def sender(self) -> Sender:
        assert self.adapter.sender is not None
        return self.adapter.sender(self.line)

    def capabilities(self) -> Any:
        return self.adapter.capabilities(self.account.settings)

    def somebody(self) -> Person:
        number = next(_numbers)
        return self.vendor.meet(Human(key=f"{self.case.channel}-{number}", name="王晓燕", phone=f"+86199{number:08}"))

    # in ---------------------------------------------------------------------------------------------------------------

    def bubble(self, text: str, kind: str = "text") -> Bubble:
        file = sample(kind) if kind != "text" else None
        return Bubble(id=self.vendor.new_id(), by="customer", kind=kind, text=text, file=file, at=self.clock.now())

    async def said(self, person: Person, bubble: Bubble) -> Push | None:
        self.vendor.people.put(self.case.channel, person.id, bubble)
        return await self.vendor.said(self.case.channel, person, bubble)

    async def deliver(self, wire: Wire) -> httpx.Response:
        url = f"{self.vendor.callbacks[self.case.channel]}{'?' if wire.query else ''}{wire.query}"
        return await self._http.request(wire.method, url, content=wire.body, headers=dict(wire.headers))

    async def pull(self) -> None:
        """What the vendor's nudge, or the time, would do."""
        if self.adapter.pull is not None:
            puller = self.floor.house.the_adapting.puller(self.adapter, self.line)
            async with puller._lease:
                await puller._lease.acquired()
                await puller.drain()

    async def hears(self, person: Person, bubble: Bubble) -> Stored:
        """The whole way of one message, acknowledged and as it was stored: whatever else lay at the vendor came too."""
        before = {each.id for each in await self.heard()}
        push = await self.said(person, bubble)
        if push is not None:
            answer = await self.deliver(push.sign())
            expect(answer.status_code == 200, f"a good message was answered {answer.status_code} {answer.text[:200]}")
        await self.pull()
        fresh = [each for each in await self.heard() if each.id not in before]
        expect(bool(fresh), "a good message was acknowledged, and nothing stored")
        told = [each for each in fresh if bubble.id in (each.external_id or "")]
        return (told or [each for each in fresh if each.text == bubble.text] or fresh)[-1]

    async def again(self, stored: Stored) -> Stored:
        """As it stands now."""
        return next(each for each in await self.heard() if each.id == stored.id)

    async def so_far(self) -> int:
        """How many messages there are, once everything that lies at the vendor was asked for."""
        await self.pull()
        return len(await self.heard())

    async def heard(self) -> list[Stored]:
        async with self.floor.house.db.read() as tx:
            rows = await tx.fetch(SQL.heard, self.account.inbox_id)
        return [Stored(**dict(row)) for row in rows]

    # out --------------------------------------------------------------------------------------------------------------

    async def letter(self, person: Person, asked: Stored | None = None) -> Letter:
        """Another text each time: some vendors refuse one they had just now."""
        now, number = self.clock.now(), next(_numbers)
        message_id, conversation_id = new_id(now), asked.conversation_id if asked is not None else UUID(int=1)
        async with self.floor.house.db.read() as tx:
            earlier = await outbox.thread(tx, conversation_id, message_id, _EARLIER)
        return self.case.dressed(Letter(
            message_id=message_id, conversation_id=conversation_id, ticket_id=None, inbox_id=self.account.inbox_id,
            attempt=1, at=now, to=self.case.address(self.vendor, person), to_name=person.name, author="agent:x",
            author_name="林一", kind="text", text=f"{self.case.text} {number}", earlier=tuple(earlier),
        ))  # fmt: skip

    async def reply(self, conversation_id: UUID, text: str = "") -> UUID:
        """An agent answers; it waits to be sent."""
        draft = Draft(
            direction="out", author="system", text=text or self.case.text,
            payload=dict(self.case.payload) if self.case.payload else None,
        )  # fmt: skip
        async with self.floor.house.db.transaction() as tx:
            return (await serving.reply(tx, conversation_id, draft, now=self.clock.now())).message_id

    async def dispatch(self) -> None:
        """Everything that is due is sent, and its result recorded."""
        house = self.floor.house
        lease = Lease(house.db, f"outbound:{self.account.inbox_id}", house.holder)
        dispatcher = Dispatcher(house.db, house.clock, house.vault, self.account.inbox_id, self.sender(), lease)
        async with lease:
            await lease.acquired()
            await dispatcher.turn()
            await dispatcher.drain()

    async def became(self, message_id: UUID) -> str:
        async with self.floor.house.db.read() as tx:
            row = await tx.fetchrow(SQL.became, message_id)
        assert row is not None
        return str(row["delivery"])

    def chat(self, person: Person) -> Sequence[Bubble]:
        """What the house said, as it stands on his phone."""
        return [each for each in self.vendor.people.chat(self.case.channel, person.id) if each.by == "house"]


@asynccontextmanager
async def open_trial(floor: Floor, case: Case) -> AsyncIterator[Trial]:
    found = adapter(case.channel)
    if found is None:
        raise BrokenContract(f"no adapter {case.channel} is registered")
    transport = httpx.ASGITransport(floor.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as http:
        vendor = case.vendor(floor.clock, client=http, pause=_at_once)
        async with _served(vendor) as base:
            vendor.base = base
            account = await _inbox(floor, case, found, vendor)
            vendor.callbacks[case.channel] = f"http://desk.test/hooks/{case.channel}/{account.key}"
            yield Trial(floor, case, found, vendor, account, http)
            await vendor.pusher.settled()


async def _inbox(floor: Floor, case: Case, found: Adapter, vendor: Vendor) -> Account:
    house = floor.house
    settings: Mapping[str, Any] = {**vendor.settings(case.channel), **case.settings}
    new = NewInbox(
        channel=case.channel, name=found.title.zh, brand_id=floor.brand, settings=settings,
        secrets=vendor.secrets(case.channel), key=f"contract-{next(_numbers)}",
    )  # fmt: skip
    async with house.db.transaction() as tx:
        inbox_id = await inboxes.create_inbox(tx, house.vault, new, floor.clock.now(), "system")
        await stand(tx, found, inbox_id, msgspec.convert(dict(settings), found.settings))
        inbox = await inboxes.inbox(tx, house.vault, inbox_id)
    await house.intake.load_inboxes()
    return house.the_adapting.account(found, inbox, dict(new.secrets))


@asynccontextmanager
async def _served(vendor: Vendor) -> AsyncIterator[str]:
    door = open_socket("127.0.0.1", 0)
    begin(door)
    server = uvicorn.Server(uvicorn.Config(vendor, log_level="critical", access_log=False, lifespan="off"))
    serving_ = asyncio.create_task(server.serve(sockets=[door]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving_


async def _at_once(seconds: float) -> None:
    """Nobody waits between attempts."""


class BrokenContract(AssertionError):  # noqa: N818 - what happened
    """What the adapter does otherwise than all others."""


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenContract(otherwise)
