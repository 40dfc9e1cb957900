"""What users write from within a mini-program, in both forms the console offers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.channels.wechat import asking
from tests.channels.wechat.test_crypto import VECTORS
from yizhan.channels.wechat.mini import ADAPTER, hear, parse
from yizhan.channels.wechat.xml import read
from yizhan.desk.channels import Account, Arrival, ChannelEvent, Request

APPID = "wx1234567890abcdef"
AT = datetime.fromtimestamp(asking.SECONDS, UTC)


def one(name: str) -> Any:
    account = asking.account(ADAPTER, APPID)
    (happening,) = hear(account, asking.pushed(APPID, asking.sample("mini", name)), AT).happenings
    return happening


@pytest.mark.parametrize("form", ["json", "xml"])
def test_words_of_a_user(form: str) -> None:
    said = one(f"text.{form}")
    assert isinstance(said, Arrival)
    assert (said.id, said.text) == ("24342380000000011", "这款还有货吗❓")
    assert said.who.value == f"{APPID}:oMini_openid_0001"


def test_a_picture_and_a_card() -> None:
    picture, card = one("image.json"), one("card.json")
    assert picture.media[0].ref["media_id"] == "media-image-9"
    assert card.kind == "card"
    assert card.payload == {
        "title": "空气净化器 X2", "text": "", "url": "", "picture": "https://img.example.com/x2.jpg",
        "app": APPID, "path": "pages/item?id=88",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["json", "xml"])
def test_entering_tells_the_page_one_came_from(form: str) -> None:
    entered = one(f"event_enter.{form}")
    assert isinstance(entered, ChannelEvent)
    assert (entered.kind, entered.detail) == ("enter", {"from": "order_detail|SO20240001"})


def test_the_published_callback_is_heard() -> None:
    said = VECTORS["miniprogram_json_callback"]
    secrets = {"token": said["token"], "aes_key": said["encoding_aes_key"], "app_secret": ""}
    account = Account(
        inbox_id=asking.account(ADAPTER, APPID).inbox_id, key="k", channel="wechat_mini",
        settings=ADAPTER.settings(appid=said["appid"], fresh_seconds=0), secrets=ADAPTER.secrets(**secrets),
    )  # fmt: skip
    query = f"timestamp={said['timestamp']}&nonce={said['nonce']}&msg_signature={said['expected_msg_signature']}"
    request = Request(method="POST", query=query, headers={}, body=said["request_body"].encode())
    (entered,) = hear(account, request, AT).happenings
    assert isinstance(entered, ChannelEvent)
    assert entered.detail == {"from": "order_detail|SO20240001"}


def test_what_concerns_no_talk_begins_none() -> None:
    assert one("event_subscription.json").detail == {
        "type": "subscribe_msg_change_event", "template": "T1", "status": "reject",
    }  # fmt: skip
    assert one("event_order.json").kind == "other"
    raw = asking.sample("mini", "event_media_check.json")
    assert parse(APPID, read(raw), raw) == ()
