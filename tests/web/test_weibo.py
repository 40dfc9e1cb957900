"""From a comment in public to private messages: one customer, one ticket, and a door only where he opened it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from tests.channels.lines import account_for
from tests.web.built import app_of
from tests.web.channels import with_channels
from tests.web.desk import Desk, open_desk
from tests.web.house import House, sign_in
from yizhan.channels import adapter
from yizhan.channels.weibo import sign
from yizhan.channels.weibo.parse import under, who
from yizhan.desk import serving
from yizhan.desk.channels import Arrival, stand
from yizhan.records import outbox
from yizhan.records.conversations import Draft
from yizhan.web.services import Services

UID, WANG = "5123456789", "1902538057"
SECRETS = {"app_secret": "s", "access_token": "t"}


class Weibo:
    def __init__(self, desk: Desk, joined: Services, messages: dict[str, Any], comments: dict[str, Any]) -> None:
        self.desk = desk
        self.joined = joined
        self.messages = messages
        self.comments = comments

    async def pushes(self, type: str, text: str = "", subtype: str = "") -> None:
        now = self.desk.services.clock.now()
        stamp, nonce = str(int(now.timestamp() * 1000)), f"{type}{subtype}{text}"
        query = {"signature": sign("s", stamp, nonce), "timestamp": stamp, "nonce": nonce}
        body = {
            "type": type, "receiver_id": int(UID), "sender_id": int(WANG), "text": text, "data": {"subtype": subtype},
            "created_at": now.strftime("%a %b %d %H:%M:%S %z %Y"),
        }  # fmt: skip
        address = f"/hooks/weibo/{self.messages['key']}"
        answer = await self.desk.browser.post(address, params=query, json=body)
        assert (answer.status_code, answer.content) == (200, b"")

    async def comments_on(self, id: str, text: str, post: str = "1") -> UUID:
        """What a pull brought; his ticket."""
        found = adapter("weibo_comment")
        assert found is not None
        assert self.joined.channels is not None
        account = msgspec.structs.replace(account_for(found, {"uid": UID}, {}), inbox_id=UUID(self.comments["id"]))
        handle = {"handle": {"comment": id, "post": post}}
        arrival = Arrival(
            id=f"comment:{id}", who=under(post, WANG), of=who(WANG), name="小满", text=text, payload=handle
        )
        await self.joined.channels.taking.take(account, [arrival], self.desk.services.clock.now())
        ticket: UUID = await self.desk.sql("SELECT id FROM ticket ORDER BY id DESC LIMIT 1")
        return ticket


@pytest.fixture
async def weibo(services: Services, house: House, browser: httpx.AsyncClient) -> Weibo:
    desk = await open_desk(services, house, browser)
    joined = with_channels(replace(services, intake=desk.intake))
    browser._transport = httpx.ASGITransport(app_of(joined))
    await sign_in(browser, "admin")
    made = [
        await desk.post("/inboxes", {
            "channel": channel, "name": name, "team_id": str(house.care), "settings": {"uid": UID},
            "secrets": {key: value for key, value in SECRETS.items() if channel == "weibo" or key == "access_token"},
        })
        for channel, name in (("weibo", "微博私信"), ("weibo_comment", "微博评论"))
    ]  # fmt: skip
    await desk.intake.load_inboxes()
    return Weibo(desk, joined, *made)


async def test_a_comment_moves_to_private_messages(weibo: Weibo) -> None:
    desk = weibo.desk
    ticket = await weibo.comments_on("7", "杯子漏水")
    path = f"/tickets/{ticket}/reaches"
    assert (await desk.get(path))["items"] == []  # he never wrote to us, and does not follow
    await weibo.pushes("event", subtype="follow")
    (way,) = (await desk.get(path))["items"]
    assert (way["channel"], way["inbox_name"]) == ("weibo", "微博私信")
    sent = {"identity_id": way["identity_id"], "inbox_id": way["inbox_id"]}
    private = (await desk.post(path, sent))["conversation_id"]
    assert (await desk.get(path))["items"] == []  # it is open now
    await desk.post(f"/conversations/{private}/messages", {"client_id": "c", "text": "请告诉我们订单号"}, 201)
    await weibo.pushes("text", "TB1 😭")
    rows = await desk.services.db.pool.fetch("SELECT DISTINCT contact_id, ticket_id FROM conversation")
    assert [row["ticket_id"] for row in rows] == [ticket]
    assert str(await desk.sql("SELECT conversation_id FROM message WHERE text LIKE 'TB1%'")) == private


async def test_what_he_says_below_two_posts_is_two_conversations_of_one_customer(weibo: Weibo) -> None:
    sql = weibo.desk.sql
    await weibo.comments_on("7", "杯子漏水")
    await weibo.comments_on("8", "盖子也裂了")
    await weibo.comments_on("9", "新款什么时候补货", post="2")
    found = "SELECT count(*) FROM message GROUP BY conversation_id ORDER BY 1"
    assert [row["count"] for row in await weibo.desk.services.db.pool.fetch(found)] == [1, 2]
    await weibo.pushes("text", "在吗")
    assert await sql("SELECT count(*) FROM contact") == 1
    assert await sql("SELECT count(*) FROM conversation") == 3


async def test_what_ships_off_is_switched_on_deliberately(weibo: Weibo) -> None:
    sent = {"channel": "douyin", "name": "抖音", "settings": {"client_key": "k", "open_id": "o"}, "enabled": True}
    made = await weibo.desk.post("/inboxes", sent)
    assert (made["enabled"], weibo.messages["enabled"]) == (False, True)


async def test_in_public_only_people_answer(weibo: Weibo) -> None:
    """What a machine says may repeat what he wrote in private."""
    desk = weibo.desk
    ticket = await weibo.comments_on("7", "杯子漏水")
    public = await desk.sql("SELECT id FROM conversation WHERE ticket_id = $1", ticket)
    now = desk.services.clock.now()
    async with desk.services.db.transaction() as tx:
        found = adapter("weibo_comment")
        assert found is not None
        await stand(tx, found, UUID(weibo.comments["id"]), found.settings())
        assert await outbox.is_public(tx, public, "weibo_comment")
        assert not await outbox.has_room(tx, public, "weibo_comment", now)
        with pytest.raises(serving.KeptSilent):
            await serving.reply(
                tx, public, Draft(direction="out", author="system", text="已受理", human=False), now=now
            )
    await desk.post(f"/conversations/{public}/messages", {"client_id": "c", "text": "请私信我们"}, 201)


async def test_after_two_days_the_way_is_shut(weibo: Weibo) -> None:
    await weibo.pushes("event", subtype="follow")
    weibo.desk.services.clock.advance(timedelta(hours=49))  # type: ignore[attr-defined]
    await sign_in(weibo.desk.browser, "admin")
    ticket = await weibo.comments_on("7", "杯子漏水")
    assert (await weibo.desk.get(f"/tickets/{ticket}/reaches"))["items"] == []
