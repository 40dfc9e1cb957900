"""A real server on a loopback port, with the journal running behind it, and clients that speak the wire."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from tests.web.built import app_of
from yizhan.desk.intake import Intake
from yizhan.desk.live import Hub, LivePart
from yizhan.desk.trail import TrailBuffer
from yizhan.foundation.bus import LocalBus
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Feed, Sequencer, Wake, ring_after_commit
from yizhan.foundation.lease import Lease
from yizhan.foundation.text import is_thanks_only
from yizhan.records.inboxes import Channel, NewInbox, create_inbox
from yizhan.web.customers import CustomerListPart, CustomerPart
from yizhan.web.live import OfferPart
from yizhan.web.notices import NoticePart
from yizhan.web.services import Services
from yizhan.web.visitors import VisitorFrames
from yizhan.web.widget import VisitorLinks
from yizhan.web.work import WaitingPart

SITE = "https://shop.example.com"


class Running(msgspec.Struct):
    services: Services
    port: int
    feed: Feed
    sequencer: Sequencer

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


@asynccontextmanager
async def running(services: Services) -> AsyncIterator[Running]:
    """All loops that a web process runs; ended in order."""
    db, clock = services.db, services.clock
    wake, feed, bus = Wake(), Feed(db), LocalBus()
    lease = Lease(db, "journal", str(uuid4()))
    sequencer = Sequencer(db, lease, wake, lambda _: feed.wake.ring())
    ring_after_commit(db, wake.ring)

    async def keep(raw: bytes) -> str:
        return (await services.blobs.put(raw)).hash

    intake = Intake(db, services.vault, clock, new_id, is_thanks_only, keep)
    await intake.load_inboxes()
    await feed.start()
    parts: list[LivePart] = [OfferPart(clock), WaitingPart(), NoticePart()]
    hub = Hub(db, feed, bus, clock, VisitorLinks(services.signer, clock), parts=parts)
    hub.parts += [CustomerPart(hub.audience.watching), CustomerListPart(hub.audience)]
    trail = TrailBuffer(db)
    frames = VisitorFrames(db, services.vault, bus, hub, trail)
    whole = _with(services, intake=intake, hub=hub, trail=trail, visitor_news=frames)
    async with _looped(sequencer.run(), feed.run(), hub.run(), frames.run()), _served(whole) as port:
        yield Running(whole, port, feed, sequencer)
    await bus.close()


def _with(services: Services, **parts: Any) -> Services:
    import dataclasses

    return dataclasses.replace(services, **parts)


@asynccontextmanager
async def _looped(*loops: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _served(services: Services) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app_of(services), host="127.0.0.1", port=0, ws="websockets-sansio", ws_per_message_deflate=False,
        log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.005)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def open_inbox(services: Services, brand: UUID, team: UUID | None = None, **settings: object) -> str:
    """The key of a fresh web chat inbox."""
    key = f"shop{uuid4().hex[:8]}"
    secrets = settings.pop("secrets", {})

    async def make(tx: Tx) -> UUID:
        new = NewInbox(channel=Channel.WEBCHAT, name="山雀生活官网", brand_id=brand, team_id=team, settings=settings,
                       secrets=secrets, key=key)  # type: ignore[arg-type]  # fmt: skip
        return await create_inbox(tx, services.vault, new, services.clock.now(), "system")

    async with services.db.transaction() as tx:
        await make(tx)
    if services.intake is not None:
        await services.intake.load_inboxes()
    return key


class Line:
    """A socket whose frames are read one by one, whatever was packed together."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []

    async def say(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def next(self, t: str | None = None, seconds: float = 5.0, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind; others are passed over but stay in `heard`."""
        async with asyncio.timeout(seconds):
            while True:
                frame = await self._one()
                if (t is None or frame["t"] == t) and all(frame.get(k) == v for k, v in fields.items()):
                    return frame

    async def quiet(self, seconds: float = 0.3) -> list[dict[str, Any]]:
        """All that still comes within the time, positions left out."""
        came = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    came.append(await self._one())
        return [frame for frame in came if frame["t"] != "pos"]

    async def _one(self) -> dict[str, Any]:
        while not self.frames:
            said = json.loads(await self.socket.recv())
            self.frames.extend(said if isinstance(said, list) else [said])
        frame = self.frames.pop(0)
        self.heard.append(frame)
        return frame


class Widget:
    """A visitor's client, as the widget's own script behaves."""

    def __init__(self, house: Running, key: str, origin: str = SITE) -> None:
        self.house = house
        self.root = f"{house.base}/widget/{key}"
        self.key = key
        self.origin = origin
        self.http = httpx.AsyncClient(headers={"origin": origin}, timeout=30)
        self.visitor: str | None = None
        self.token = ""
        self.pos = ""

    async def session(self, **more: Any) -> dict[str, Any]:
        page = {"url": "https://shop.example.com/p/1?token=secret", "title": "净化器", "referrer": ""}
        wish = {"visitor": self.visitor, "token": self.token or None, "page": page, "locale": "zh-CN", **more}
        answer = await self.http.post(f"{self.root}/session", json=wish)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        self.visitor, self.token, self.pos = said["visitor"], said["token"], said["pos"]
        return said

    @asynccontextmanager
    async def line(self, after: str | None = None) -> AsyncIterator[Line]:
        if not self.token:
            await self.session()
        url = f"{self.house.ws}/widget/{self.key}/ws?token={self.token}&after={after or self.pos}"
        async with connect(url, origin=self.origin, compression=None) as socket:  # type: ignore[arg-type]
            yield Line(socket)

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def close(self) -> None:
        await self.http.aclose()
