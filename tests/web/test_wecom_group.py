"""From a customer group to a word alone: one customer, one ticket, the group's conversation and a private one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from tests.web.built import app_of
from tests.web.channels import with_channels
from tests.web.desk import Desk, open_desk
from tests.web.house import House, sign_in
from yizhan.channels.wechat.group import SIGNATURE, TIMESTAMP, sign
from yizhan.web.services import Services


class Group:
    def __init__(self, desk: Desk, inbox: dict[str, Any]) -> None:
        self.desk = desk
        self.inbox = inbox

    async def pushes(self, id: str, text: str, *, group: str | None = "wr1", member: str = "wm1") -> None:
        said = {
            "event_id": id, "type": "message", "message": {"id": id, "kind": "text", "text": text},
            "group": {"id": group, "name": "老客户群"} if group else None,
            "customer": {"id": member, "name": "王晓燕", "role": "customer", "unionid": f"oU{member}"},
        }  # fmt: skip
        body, stamp = msgspec.json.encode(said), str(int(self.desk.services.clock.now().timestamp()))
        headers = {TIMESTAMP: stamp, SIGNATURE: sign("s", stamp, body)}
        answer = await self.desk.browser.post(f"/hooks/wecom_group/{self.inbox['key']}", content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.fixture
async def group(services: Services, house: House, browser: httpx.AsyncClient) -> Group:
    desk = await open_desk(services, house, browser)
    browser._transport = httpx.ASGITransport(app_of(with_channels(replace(services, intake=desk.intake))))
    await sign_in(browser, "admin")
    made = await desk.post("/inboxes", {
        "channel": "wecom_group", "name": "老客户群", "team_id": str(house.care), "settings": {},
        "secrets": {"secret": "s"},
    })  # fmt: skip
    await desk.intake.load_inboxes()
    return Group(desk, made)


async def test_called_in_a_group_and_answered_alone(group: Group) -> None:
    desk = group.desk
    await group.pushes("1", "今天天气好")
    assert await desk.sql("SELECT count(*) FROM message") == 0
    for _ in range(2):
        await group.pushes("2", "@客服 台灯不亮")
    assert await desk.sql("SELECT text FROM message") == "台灯不亮"
    await group.pushes("2b", "上周刚买的")
    await group.pushes("2c", "我也是", member="wm2")
    assert await desk.sql("SELECT string_agg(text, '|' ORDER BY id) FROM message") == "台灯不亮|上周刚买的"
    desk.services.clock.advance(timedelta(minutes=31))  # type: ignore[attr-defined]
    await group.pushes("2d", "晚上聚餐")
    assert await desk.sql("SELECT count(*) FROM message") == 2
    ticket = await desk.sql("SELECT id FROM ticket")
    (way,) = (await desk.get(f"/tickets/{ticket}/reaches"))["items"]
    assert (way["channel"], way["inbox_name"]) == ("wecom_group", "老客户群")
    sent = {"identity_id": way["identity_id"], "inbox_id": way["inbox_id"]}
    alone = (await desk.post(f"/tickets/{ticket}/reaches", sent))["conversation_id"]
    await desk.post(f"/conversations/{alone}/messages", {"client_id": "c", "text": "请告诉我们订单号"}, 201)
    await group.pushes("3", "TB1", group=None)
    assert str(await desk.sql("SELECT conversation_id FROM message WHERE text = 'TB1'")) == alone
    rows = await desk.services.db.pool.fetch("SELECT DISTINCT ticket_id FROM conversation")
    assert [row["ticket_id"] for row in rows] == [ticket]
