"""One follower in 公众号 and in 微信客服 is one customer with one ticket, answered as often as WeChat allows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.serving import served
from tests.web.built import app_of
from tests.web.channels import with_channels
from tests.web.desk import Desk, open_desk
from tests.web.house import House, sign_in
from yizhan.app.adapting import Adapting
from yizhan.channels import adapter
from yizhan.desk.channels import Adapter, Line
from yizhan.desk.outbound import Dispatcher
from yizhan.foundation.lease import Lease
from yizhan.records import inboxes
from yizhan.simulator import Blob, Human, Vendor
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wecom import WeCom
from yizhan.web.services import Services

WANG = Human(key="wang", name="王晓燕", phone="+8619900000101")
MP, KF = "wechat_mp", "wechat_kf"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
AMR = b"#!AMR\n" + b"\x3c" * 32


class WeChats:
    """Two vendors on loopback and an inbox of the house at each."""

    def __init__(self, desk: Desk, adapting: Adapting, vendors: dict[str, Vendor], made: dict[str, Any]) -> None:
        self.desk = desk
        self.adapting = adapting
        self.vendors = vendors
        self.made = made

    async def says(self, channel: str, text: str = "", **more: Any) -> None:
        vendor = self.vendors[channel]
        said = await vendor.say(vendor.meet(WANG), text, channel=channel, **more)
        assert said.state == "accepted", said.note
        if channel == KF:
            found, line = await self.line(KF)
            puller = self.adapting.puller(found, line)
            async with puller._lease:
                await puller._lease.acquired()
                await puller.drain()

    async def line(self, channel: str) -> tuple[Adapter, Line]:
        found = adapter(channel)
        assert found is not None
        async with self.desk.services.db.read() as tx:
            inbox = await inboxes.inbox(tx, self.desk.services.vault, UUID(self.made[channel]["id"]))
        return found, await self.adapting.line(inbox)

    async def who_is_new(self) -> None:
        enricher = self.adapting.enricher(*await self.line(MP))
        async with enricher._lease:
            await enricher._lease.acquired()
            await enricher.step()

    async def sends(self) -> None:
        """What waits goes out."""
        found, line = await self.line(MP)
        assert found.sender is not None
        services, inbox = self.desk.services, UUID(self.made[MP]["id"])
        lease = Lease(services.db, f"outbound:{inbox}", "test")
        dispatcher = Dispatcher(services.db, services.clock, services.vault, inbox, found.sender(line), lease)
        async with lease:
            await lease.acquired()
            for _ in range(6):
                await dispatcher.turn()
                await dispatcher.drain()

    def on_his_phone(self) -> list[str]:
        vendor = self.vendors[MP]
        return [each.text for each in vendor.people.chat(MP, vendor.meet(WANG).id) if each.by == "house"]


@pytest.fixture
async def wechats(services: Services, house: House, browser: httpx.AsyncClient) -> AsyncIterator[WeChats]:
    desk = await open_desk(services, house, browser)
    joined = with_channels(replace(services, intake=desk.intake))
    app = app_of(joined)
    browser._transport = httpx.ASGITransport(app)
    await sign_in(browser, "admin")
    assert isinstance(joined.channels, Adapting)
    async with AsyncExitStack() as stack:
        vendors: dict[str, Vendor] = {}
        made = {}
        for channel, kind, name in ((MP, WeChat, "公众号"), (KF, WeCom, "微信客服")):
            vendor = vendors[channel] = kind(
                services.clock, client=httpx.AsyncClient(transport=httpx.ASGITransport(app))
            )
            vendor.base = await stack.enter_async_context(served(vendor))
            stack.push_async_callback(vendor.pusher.close)
            made[channel] = await desk.post("/inboxes", {
                "channel": channel, "name": name, "team_id": str(house.care), "settings": vendor.settings(channel),
                "secrets": vendor.secrets(channel),
            })  # fmt: skip
            vendor.callbacks[channel] = f"http://desk.test/hooks/{channel}/{made[channel]['key']}"
        await desk.intake.load_inboxes()
        yield WeChats(desk, joined.channels, vendors, made)
        await joined.channels._http.close()


async def test_one_customer_on_both_and_no_answer_too_many(wechats: WeChats) -> None:
    desk = wechats.desk
    await wechats.says(MP, "灯不亮 💡")
    await wechats.says(MP, kind="image", file=Blob("a.png", "image/png", PNG))
    await wechats.says(MP, kind="voice", file=Blob("a.amr", "audio/amr", AMR))
    await wechats.who_is_new()
    await wechats.says(KF, "还是我")
    assert await desk.sql("SELECT count(DISTINCT person_id) FROM contact") == 1
    assert await desk.sql("SELECT count(DISTINCT ticket_id) FROM conversation") == 1
    assert await desk.sql("SELECT count(*) FROM conversation") == 2
    assert await wechats.adapting.fetcher().step() == 2
    found = await desk.services.db.pool.fetch(
        "SELECT kind, attachments->0->>'type' AS type FROM message WHERE kind IN ('image', 'voice') ORDER BY id"
    )
    assert [tuple(row) for row in found] == [("image", "image/png"), ("voice", "audio/amr")]

    talk = await desk.sql("SELECT id FROM conversation WHERE inbox_id = $1", UUID(wechats.made[MP]["id"]))
    path = f"/conversations/{talk}/messages"
    for number in range(5):
        await desk.post(path, {"client_id": f"c{number}", "text": f"第{number + 1}条"}, 201)
    await wechats.sends()
    assert wechats.on_his_phone() == [f"第{number + 1}条" for number in range(5)]
    stopped = await desk.post(path, {"client_id": "c9", "text": "第6条"}, 409)
    assert stopped["code"] == "quota_exhausted"
    desk.services.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    await wechats.says(MP, "谢谢")
    await desk.post(path, {"client_id": "c5", "text": "不客气"}, 201)
    desk.services.clock.advance(timedelta(hours=49))  # type: ignore[attr-defined]
    await sign_in(desk.browser, "admin")
    shut = await desk.post(path, {"client_id": "c6", "text": "还在吗"}, 409)
    assert shut["code"] == "window_closed"
