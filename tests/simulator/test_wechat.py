"""The stand-in for WeChat against the published values, and against what its documentation says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Human, Person
from yizhan.simulator.tencent import seal, sha1_of
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wechat_calls import MINI, MP
from yizhan.simulator.wechat_replies import unsealed

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "channels" / "vectors.json").read_text("utf-8"))
SAFE = VECTORS["wechat_mp_safe_mode"]
ANNA = Human(key="anna", name="王晓燕")


class Console:
    """The vendor, and a program that calls it."""

    def __init__(self, vendor: WeChat) -> None:
        self.vendor = vendor
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(vendor), base_url="http://wx.test")
        self.token = ""

    async def sign_in(self, channel: str = MP) -> None:
        site = self.vendor.sites[channel]
        body = {"grant_type": "client_credential", "appid": site.appid, "secret": site.secret}
        self.token = (await self.http.post("/cgi-bin/stable_token", json=body)).json()["access_token"]

    async def send(self, to: str, **said: Any) -> int:
        body = json.dumps({"touser": to, "msgtype": "text", "text": {"content": "好的"}, **said}, ensure_ascii=False)
        path = f"/cgi-bin/message/custom/send?access_token={self.token}"
        return int((await self.http.post(path, content=body.encode())).json()["errcode"])


@pytest.fixture
async def console(clock: FakeClock) -> AsyncIterator[Console]:
    console = Console(WeChat(clock))
    yield console
    await console.http.aclose()


def met(console: Console) -> Person:
    return console.vendor.meet(ANNA)


def test_callbacks_are_sealed_as_published() -> None:
    sealed = seal(SAFE["plaintext_xml"].encode(), SAFE["encoding_aes_key"], SAFE["appid"], SAFE["random16"].encode())
    assert sealed == SAFE["expected_encrypt"]
    assert sha1_of(SAFE["token"], SAFE["timestamp"], SAFE["nonce"], sealed) == SAFE["expected_msg_signature"]


def test_a_reply_is_opened_as_published() -> None:
    reply = SAFE["reply"]
    sealed = seal(reply["plaintext_xml"].encode(), SAFE["encoding_aes_key"], SAFE["appid"], reply["random16"].encode())
    signed = sha1_of(SAFE["token"], "1", "n", sealed)
    inner = f"<Encrypt>{sealed}</Encrypt><MsgSignature>{signed}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>n</Nonce>"
    body = f"<xml>{inner}</xml>"
    assert unsealed(body.encode(), SAFE["token"], SAFE["encoding_aes_key"], SAFE["appid"]) == "您好，请稍候"
    with pytest.raises(ValueError, match="signed"):
        unsealed(body.replace("<Nonce>n", "<Nonce>m").encode(), SAFE["token"], SAFE["encoding_aes_key"], SAFE["appid"])


async def test_a_message_lets_five_answers_through_within_two_days(console: Console, clock: FakeClock) -> None:
    await console.sign_in()
    anna = met(console)
    assert await console.send(anna.id) == 45015
    await console.vendor.say(anna, "在吗")
    assert [await console.send(anna.id) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    await console.vendor.say(anna, "还在吗")
    clock.advance(timedelta(hours=48))
    console.token = ""
    await console.sign_in()
    assert await console.send(anna.id) == 45015


async def test_a_menu_lets_three_through_within_a_minute(console: Console, clock: FakeClock) -> None:
    await console.sign_in()
    anna = met(console)
    await console.vendor.act(anna, "click")
    assert [await console.send(anna.id) for _ in range(4)] == [0, 0, 0, 45047]
    await console.vendor.act(anna, "scan")
    clock.advance(timedelta(seconds=61))
    assert await console.send(anna.id) == 45015


async def test_tokens_end_and_others_are_not_taken(console: Console, clock: FakeClock) -> None:
    anna = met(console)
    assert await console.send(anna.id) == 41001
    console.token = "of-somebody"
    assert await console.send(anna.id) == 40001
    await console.sign_in()
    clock.advance(timedelta(hours=2))
    assert await console.send(anna.id) == 42001


async def test_what_is_wrong_is_said_in_the_vendors_codes(console: Console) -> None:
    await console.sign_in()
    anna = met(console)
    await console.vendor.say(anna, "在吗")
    assert await console.send("oNobody") == 40003
    assert await console.send(anna.id, text={"content": "长" * 683}) == 45002
    assert await console.send(anna.id, msgtype="image", image={"media_id": "gone"}) == 40007
    assert await console.send(anna.id, msgtype="link", link={"title": "x"}) == 40008
    path = f"/cgi-bin/message/custom/send?access_token={console.token}"
    escaped = json.dumps({"touser": anna.id, "msgtype": "text", "text": {"content": "好"}})
    assert (await console.http.post(path, content=escaped)).json()["errcode"] == 40033


async def test_in_the_mini_program_he_has_another_openid(console: Console) -> None:
    await console.sign_in(MINI)
    anna = met(console)
    await console.vendor.act(anna, "enter", channel=MINI)
    assert [await console.send(anna.facts[MINI]) for _ in range(3)] == [0, 0, 45047]
    assert await console.send(anna.id) == 40003


async def test_of_who_left_nothing_is_told(console: Console) -> None:
    await console.sign_in()
    anna = met(console)
    path = f"/cgi-bin/user/info?access_token={console.token}&openid={anna.id}&lang=zh_CN"
    assert (await console.http.get(path)).json()["unionid"] == ANNA.unionid
    await console.vendor.act(anna, "unfollow")
    assert (await console.http.get(path)).json() == {"subscribe": 0, "openid": anna.id}
