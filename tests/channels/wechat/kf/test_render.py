"""Replies as send_msg takes them, and the ids that make each of them one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from yizhan.channels.wechat.files import media_kind
from yizhan.channels.wechat.kf import message_id, render
from yizhan.channels.wechat.kf.render import ours, welcome
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed


def letter(**more: Any) -> Letter:
    said: dict[str, Any] = {
        "message_id": UUID(int=2**127 + 5), "conversation_id": UUID(int=2), "ticket_id": None, "inbox_id": UUID(int=77),
        "attempt": 1, "at": datetime(2026, 11, 23, tzinfo=UTC), "to": "wm1", "to_name": "王", "author": "agent:1",
        "author_name": "小李", "kind": "text", "text": "您好", **more,
    }  # fmt: skip
    return Letter(**said)


def body(media: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    [found] = render(letter(**more), media, open_kfid="wk1")
    return found


def test_a_text_goes_to_a_customer_of_an_account() -> None:
    found = body()
    assert (found["touser"], found["open_kfid"], found["text"]) == ("wm1", "wk1", {"content": "您好"})
    assert found["msgid"] == message_id(letter().message_id)
    assert re.fullmatch(r"[0-9a-zA-Z_-]{1,32}", found["msgid"])
    assert (ours(found["msgid"]), ours(found["msgid"] + "-1"), ours("FAIL1")) == (*[letter().message_id] * 2, None)


def test_words_and_each_file_are_messages_of_their_own() -> None:
    sent = render(letter(), [("image", "p1"), ("file", "f1")], open_kfid="wk1")
    assert [each["msgtype"] for each in sent] == ["text", "image", "file"]
    ids = {each["msgid"] for each in sent}
    assert len(ids) == 3
    assert all(len(each) <= 32 for each in ids)


def test_rich_kinds() -> None:
    place = {"latitude": "31.2", "longitude": 121.4, "name": "徐汇店", "address": "漕溪路 1 号"}
    assert body(kind="location", payload=place)["location"]["latitude"] == 31.2
    link = {"title": "说明", "text": "第 3 页", "url": "https://example.com"}
    assert body((("image", "p"),), kind="link", payload=link)["link"]["thumb_media_id"] == "p"
    assert body(kind="link", payload=link, text="")["text"]["content"] == "说明\n第 3 页\nhttps://example.com"
    card = {"title": "订单", "app": "wx1", "path": "a?b=1"}
    assert body((("image", "p"),), kind="card", payload=card)["miniprogram"]["pagepath"] == "a?b=1"
    menu = {"options": [{"id": "1", "text": "退货"}, {"text": "官网", "url": "https://example.com"}]}
    assert [each["type"] for each in body(kind="menu", payload=menu)["msgmenu"]["list"]] == ["click", "view"]
    assert welcome("您好", ("退货", "发票"))["msgmenu"]["list"][1]["click"] == {"id": "2", "content": "发票"}


@pytest.mark.parametrize("more", [
    {"text": "长" * 683}, {"text": " "}, {"kind": "location", "payload": {"name": "x"}},
    {"kind": "card", "payload": {"title": "x"}}, {"kind": "menu", "payload": {"options": [{"text": "x"}] * 11}},
])  # fmt: skip
def test_what_the_vendor_would_not_take_is_refused_before(more: dict[str, Any]) -> None:
    with pytest.raises(SendFailed) as refused:
        render(letter(**more), (), open_kfid="wk1")
    assert (refused.value.error_class, refused.value.retry_after) == (ErrorClass.CONTENT, None)


@pytest.mark.parametrize(("type", "size", "kind"), [
    ("image/png", 10, "image"), ("image/png", 11 * 2**20, "file"), ("image/gif", 10, "file"), ("audio/amr", 9, "voice"),
    ("video/mp4", 9, "video"), ("application/pdf", 9, "file"),
])  # fmt: skip
def test_what_a_file_is_sent_as(type: str, size: int, kind: str) -> None:
    assert media_kind(LetterFile("h", "a", type, size=size)) == kind


@pytest.mark.parametrize("size", [21 * 2**20, 3])
def test_files_out_of_bounds_are_refused(size: int) -> None:
    with pytest.raises(SendFailed):
        media_kind(LetterFile("h", "a", "image/png", size=size))
