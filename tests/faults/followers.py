"""A 公众号 whose followers go on writing: WeChat calls back, signed and sealed, until it is answered."""

from __future__ import annotations

import asyncio
import random
from typing import Self

import httpx

from tests.faults.site import Site
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, open_database, start_server
from yizhan.records import agents
from yizhan.records.inboxes import NewInbox, create_inbox
from yizhan.simulator import Bubble, Human
from yizhan.simulator.wechat import WeChat

_CHANNEL, _KEY = "wechat_mp", "followers"
_PAUSE = 0.2  # before the same is brought again; WeChat waits longer and gives up after three


class Followers:
    """`acknowledged` are the ids of the messages WeChat has its `success` for, and what kind each was."""

    def __init__(self, site: Site, seed: int, callers: int = 3, followers: int = 12) -> None:
        self.acknowledged: dict[str, str] = {}
        self._site = site
        self._chance = random.Random(seed)
        self._vendor = WeChat(SystemClock())
        self._vendor.base = "http://127.0.0.1:9"  # nobody there: only what WeChat tells is looked at
        self._people = [self._vendor.meet(Human(key=f"f{n}", name=f"粉丝{n}")) for n in range(followers)]
        self._callers = callers
        self._stopped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open_account(self) -> None:
        with start_server(self._site.settings.data_dir) as server:
            db = await open_database(server.dsn)
            async with db.transaction() as tx:
                (brand,) = await agents.brands(tx)
                new = NewInbox(
                    channel=_CHANNEL, name="公众号", brand_id=brand.id, key=_KEY,
                    settings=self._vendor.settings(_CHANNEL), secrets=self._vendor.secrets(_CHANNEL),
                )  # fmt: skip
                await create_inbox(tx, Vault(self._site.settings.keys), new, SystemClock().now(), "system")
            await db.close()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._call()) for _ in range(self._callers)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing new is written; what is under way is brought until it is taken."""
        self._stopped.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def check(self, db: Database) -> None:
        """Every message there once, and for every picture the errand that fetches it."""
        rows = await db.pool.fetch(
            "SELECT m.external_id, m.kind FROM message m JOIN inbox x ON x.id = m.inbox_id"
            " WHERE m.direction = 'in' AND x.key = $1", _KEY,
        )  # fmt: skip
        assert len(rows) == len(self.acknowledged), "a message is there twice, or is not there"
        assert {row["external_id"]: row["kind"] for row in rows} == self.acknowledged
        pictures = [kind for kind in self.acknowledged.values() if kind == "image"]
        assert await db.pool.fetchval("SELECT count(*) FROM media_fetch") == len(pictures)

    async def _call(self) -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            while not self._stopped.is_set():
                bubble = self._bubble()
                await self._bring(client, bubble)
                if self._chance.random() < 0.1:
                    await self._bring(client, bubble)  # the answer was lost on its way

    def _bubble(self) -> Bubble:
        kind = self._chance.choice(("text", "text", "image"))
        text = "请问什么时候发货?💧" if kind == "text" else ""
        return Bubble(id=self._vendor.new_id(), by="customer", kind=kind, text=text, at=self._vendor.clock.now())

    async def _bring(self, client: httpx.AsyncClient, bubble: Bubble) -> None:
        push = await self._vendor.said(_CHANNEL, self._chance.choice(self._people), bubble)
        assert push is not None
        while True:
            wire = push.sign()  # the same MsgId, another nonce
            url = f"{self._site.url}/hooks/{_CHANNEL}/{_KEY}?{wire.query}"
            try:
                answer = await client.post(url, content=wire.body, headers=wire.headers)
            except httpx.HTTPError:
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code == 200:
                self.acknowledged[bubble.id] = bubble.kind
                return
            assert answer.status_code >= 500, answer.text
            await asyncio.sleep(_PAUSE)
